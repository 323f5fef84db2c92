// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.routes.internal;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultProducer;
import org.fedwerk.api.link.Address;
import org.fedwerk.api.link.Carriage;

/**
 * {@code fedwerk:inbox}: takes sealed messages in. Where one goes is told by the header {@code
 * FedwerkTopic}, else by the name of the file that it came in.
 */
final class InboxEndpoint extends FedwerkEndpoint {
  private static final long LOOK_MILLIS = 100;
  private static final int USUAL_PATIENCE = 10_000;
  private static final int MOST_PATIENCE = 600_000;

  private final Duration patience;

  InboxEndpoint(String uri, FedwerkComponent component, Services services, Options options) {
    super(uri, component, services, "inbox");
    patience = options.millis("patience", USUAL_PATIENCE, 0, MOST_PATIENCE);
  }

  @Override
  public Producer createProducer() {
    return new DefaultProducer(this) {
      @Override
      public void process(Exchange exchange) throws Exception {
        bring(exchange.getIn());
      }
    };
  }

  private void bring(Message message) throws Exception {
    byte[] sealed = message.getMandatoryBody(byte[].class);
    String topic = message.getHeader(Headers.TOPIC, String.class);
    String file = message.getHeader(Exchange.FILE_NAME, String.class);
    if (topic == null && file == null) {
      throw new IllegalArgumentException(
          "fedwerk:inbox needs the header FedwerkTopic, or the name of a sealed file");
    }
    Address address = topic == null ? SealedFileName.read(file, sealed) : Address.parse(topic);
    carriage().bring(address, sealed);
  }

  /** The link; it may come a little later than the routes. */
  private Carriage carriage() throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    while (System.nanoTime() < end && services().carriage().isEmpty()) {
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
    return services()
        .carriage()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "fedwerk:inbox has no link to bring to: set carrier = routes in"
                        + " org.fedwerk.link.cfg, and enrol this process"));
  }
}
