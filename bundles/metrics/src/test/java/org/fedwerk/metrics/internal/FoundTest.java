// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.metrics.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.fedwerk.api.status.StatusSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

class FoundTest {
  private static final StatusSource ROOM = new FakeRoom();

  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
  private final BlockingQueue<StatusSource> came = new LinkedBlockingQueue<>();
  private final BlockingQueue<StatusSource> went = new LinkedBlockingQueue<>();
  private final AtomicInteger asked = new AtomicInteger();

  @AfterEach
  void stop() {
    thread.shutdownNow();
  }

  /** A framework with one service, which is not there yet for those who ask too early. */
  private BundleContext framework(int tooEarly) {
    ServiceReference<?> reference =
        (ServiceReference<?>)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {ServiceReference.class},
                (self, method, given) ->
                    switch (method.getName()) {
                      case "equals" -> self == given[0];
                      case "hashCode" -> 1;
                      default -> null;
                    });
    return (BundleContext)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {BundleContext.class},
            (self, method, given) ->
                switch (method.getName()) {
                  case "getServiceReferences" -> new ServiceReference<?>[] {reference};
                  case "getService" -> asked.incrementAndGet() > tooEarly ? ROOM : null;
                  case "ungetService" -> true;
                  default -> null;
                });
  }

  private Found<StatusSource> found(BundleContext context) {
    return new Found<>(context, StatusSource.class, thread, came::add, went::add);
  }

  @Test
  void aServiceThatIsActivatedForTooLongIsLookedForAgain() throws Exception {
    Found<StatusSource> found = found(framework(1));
    found.look();
    assertEquals(ROOM, came.poll(30, TimeUnit.SECONDS));
    assertTrue(asked.get() >= 2);
    found.close();
    assertEquals(ROOM, went.poll());
    assertNull(came.poll());
  }

  @Test
  void whatIsClosedBeforeItLooksFindsNothing() throws Exception {
    Found<StatusSource> found = found(framework(0));
    found.close();
    found.look();
    thread.shutdown();
    assertTrue(thread.awaitTermination(30, TimeUnit.SECONDS));
    assertEquals(came.size(), went.size());
  }
}
