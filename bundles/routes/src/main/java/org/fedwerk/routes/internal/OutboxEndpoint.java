// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.routes.internal;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.fedwerk.api.Registration;
import org.fedwerk.api.link.Carriage;
import org.fedwerk.api.link.Parcel;
import org.jspecify.annotations.Nullable;

/**
 * {@code fedwerk:outbox}: gives the sealed messages that wait to leave, one at a time. A message
 * whose route fails comes again.
 */
final class OutboxEndpoint extends FedwerkEndpoint {
  private static final Duration PATIENCE = Duration.ofMillis(500);
  private static final int LONGEST_REST = 30_000;

  private final Duration rest;

  OutboxEndpoint(String uri, FedwerkComponent component, Services services, Options options) {
    super(uri, component, services, "outbox");
    rest = options.millis("retry", 1000, 10, LONGEST_REST);
  }

  @Override
  public Consumer createConsumer(Processor processor) throws Exception {
    Fetching consumer = new Fetching(this, processor);
    configureConsumer(consumer);
    return consumer;
  }

  private final class Fetching extends LoopConsumer {
    private @Nullable Carriage known;
    private @Nullable Registration registration;
    private long failures;

    Fetching(FedwerkEndpoint endpoint, Processor processor) {
      super(endpoint, processor);
    }

    @Override
    void step() throws InterruptedException {
      Optional<Carriage> carriage = services().carriage();
      attend(carriage.orElse(null));
      if (carriage.isEmpty()) {
        TimeUnit.MILLISECONDS.sleep(PATIENCE.toMillis());
        return;
      }
      Parcel parcel = carriage.get().next(PATIENCE);
      if (parcel != null) {
        carry(parcel);
      }
    }

    /** The link comes anew when its configuration changes. */
    private void attend(@Nullable Carriage carriage) {
      if (carriage != known) {
        leave();
        known = carriage;
        registration = carriage == null ? null : carriage.carrier();
      }
    }

    private void leave() {
      Registration held = registration;
      registration = null;
      known = null;
      if (held != null) {
        held.close();
      }
    }

    private void carry(Parcel parcel) throws InterruptedException {
      Exception failed = through(exchange -> fill(exchange, parcel));
      if (failed == null) {
        failures = 0;
        parcel.carried();
        return;
      }
      parcel.failed(Complaint.shortly(failed));
      long doubled = rest.toMillis() << Math.min(failures++, 10);
      TimeUnit.MILLISECONDS.sleep(Math.min(LONGEST_REST, doubled));
    }

    private void fill(Exchange exchange, Parcel parcel) {
      Message message = exchange.getIn();
      message.setBody(parcel.payload());
      message.setHeader(Headers.TOPIC, parcel.address().topic());
      message.setHeader(Headers.RECIPIENT, parcel.recipient());
      message.setHeader(Headers.KIND, parcel.address().kind().word());
      message.setHeader(Exchange.FILE_NAME, SealedFileName.of(parcel.address(), parcel.payload()));
    }

    @Override
    protected void doStop() throws Exception {
      super.doStop();
      leave();
    }
  }
}
