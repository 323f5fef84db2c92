// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.predict.opcua.internal;

import java.nio.file.Path;
import java.util.Set;
import org.eclipse.milo.opcua.stack.core.security.SecurityPolicy;
import org.jspecify.annotations.Nullable;

/**
 * Where the server listens, and whom it lets in.
 *
 * @param host address it listens on
 * @param port port; 0 takes a free one
 * @param advertisedHost name or address by which clients reach it
 * @param policies offered, all but None with SignAndEncrypt
 * @param login the user; null if none may log in
 * @param anonymous true to let clients in without a user
 * @param folder own certificate, trusted and rejected ones
 * @param trustAllClients true to take every valid client certificate
 * @param maxSessions most sessions at a time
 * @param maxItems most monitored items of all sessions together
 */
record ServerSettings(
    String host,
    int port,
    String advertisedHost,
    Set<SecurityPolicy> policies,
    @Nullable Login login,
    boolean anonymous,
    Path folder,
    boolean trustAllClients,
    int maxSessions,
    int maxItems) {
  ServerSettings {
    policies = Set.copyOf(policies);
  }

  /** True if anybody could open a session. */
  boolean admitsAnybody() {
    return anonymous || login != null;
  }
}
