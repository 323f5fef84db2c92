// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.routes.internal;

import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultProducer;
import org.fedwerk.api.Registration;
import org.jspecify.annotations.Nullable;

/** An endpoint that is a source of the site while a route uses it. */
abstract class TakingEndpoint extends FedwerkEndpoint {
  private int users;
  private @Nullable Registration offered;

  TakingEndpoint(String uri, FedwerkComponent component, Services services, String name) {
    super(uri, component, services, name);
  }

  /** What the site sees of it. */
  abstract RouteSource source();

  /** Takes a whole body or nothing; when it returns, what it took survives a kill. */
  abstract void take(Message message) throws Exception;

  @Override
  public Producer createProducer() {
    return new DefaultProducer(this) {
      @Override
      public void process(Exchange exchange) throws Exception {
        take(exchange.getIn());
      }

      @Override
      protected void doStart() throws Exception {
        super.doStart();
        begin();
      }

      @Override
      protected void doStop() throws Exception {
        end();
        super.doStop();
      }
    };
  }

  private synchronized void begin() {
    if (users == 0) {
      offered = services().offer(source());
    }
    users++;
  }

  private synchronized void end() {
    // A producer that could not begin is stopped too.
    users = Math.max(0, users - 1);
    Registration held = offered;
    if (users == 0 && held != null) {
      offered = null;
      held.close();
    }
  }
}
