// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.link.internal;

import java.util.concurrent.ThreadFactory;

/** The link's threads have names and do not keep the process alive. */
final class Threads {
  private Threads() {}

  static ThreadFactory named(String what) {
    return task -> {
      Thread thread = new Thread(task, "fedwerk-link-" + what);
      thread.setDaemon(true);
      return thread;
    };
  }
}
