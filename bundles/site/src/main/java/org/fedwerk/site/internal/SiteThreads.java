// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;

/**
 * Where a site's conversation runs: one executor talks, one works, each one step at a time. A
 * simulation hands in its own, so that the order of steps is the seed's.
 */
public interface SiteThreads {
  /** A thread of its own for each. */
  SiteThreads OWN =
      new SiteThreads() {
        @Override
        public ScheduledExecutorService talk(String site) {
          return Executors.newSingleThreadScheduledExecutor(
              daemon("fedwerk-site-" + site + "-talk"));
        }

        @Override
        public ExecutorService work(String site) {
          return Executors.newSingleThreadExecutor(daemon("fedwerk-site-" + site + "-work"));
        }
      };

  /** Runs messages, plans and ticks; the conversation shuts it down. */
  ScheduledExecutorService talk(String site);

  /** Runs jobs; the conversation shuts it down. */
  ExecutorService work(String site);

  private static ThreadFactory daemon(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }
}
