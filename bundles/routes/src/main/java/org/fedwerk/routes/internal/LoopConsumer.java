// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.routes.internal;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A consumer with a thread of its own, which takes one step after the other. */
abstract class LoopConsumer extends DefaultConsumer {
  private static final Logger log = LoggerFactory.getLogger(LoopConsumer.class);
  private static final long STOP_SECONDS = 10;
  private static final long AFTER_DEFECT_MILLIS = 1000;

  private final String name;
  private @Nullable ExecutorService thread;

  LoopConsumer(FedwerkEndpoint endpoint, Processor processor) {
    super(endpoint, processor);
    this.name = endpoint.name();
  }

  /** One step; waits at most a second or so where there is nothing to do. */
  abstract void step() throws InterruptedException;

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    ExecutorService own =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread each = new Thread(task, "fedwerk-routes-" + name.replaceAll(".*:", ""));
              each.setDaemon(true);
              return each;
            });
    thread = own;
    own.execute(() -> loop(own));
  }

  private void loop(ExecutorService own) {
    while (!own.isShutdown()) {
      try {
        step();
      } catch (InterruptedException stopping) {
        return;
      } catch (RuntimeException defect) {
        log.error("{} failed and goes on: {}", name, defect.toString());
        log.debug("The cause in full", defect);
        rest(own);
      }
    }
  }

  private static void rest(ExecutorService own) {
    try {
      if (own.awaitTermination(AFTER_DEFECT_MILLIS, TimeUnit.MILLISECONDS)) {
        log.debug("It ended meanwhile");
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  /** Sends one exchange through the route. @return why it failed; null if it went well */
  @Nullable Exception through(Consumer<Exchange> filled) {
    Exchange exchange = createExchange(false);
    try {
      filled.accept(exchange);
      getProcessor().process(exchange);
      return exchange.getException();
    } catch (Exception failed) {
      return failed;
    } finally {
      releaseExchange(exchange, false);
    }
  }

  @Override
  protected void doStop() throws Exception {
    ExecutorService own = thread;
    if (own != null) {
      own.shutdownNow();
      if (!own.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
        log.warn("{} is still busy and ends when its route is through", name);
      }
    }
    super.doStop();
  }
}
