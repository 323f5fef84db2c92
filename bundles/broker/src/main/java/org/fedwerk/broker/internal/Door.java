// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.broker.internal;

import java.security.cert.X509Certificate;
import org.fedwerk.api.RefusedException;
import org.jspecify.annotations.Nullable;

/** Decides who comes in. Called by the broker's threads, for every connection and every right. */
interface Door {
  /** What a client shows; an absent name or password is null, as is an absent certificate. */
  record Visitor(
      @Nullable X509Certificate certificate,
      @Nullable String user,
      @Nullable String password,
      String clientId) {
    /** Without the password. */
    @Override
    public String toString() {
      return "Visitor[" + clientId + "]";
    }
  }

  /**
   * Lets a visitor in.
   *
   * @throws RefusedException with the reason, for the operator
   */
  Guest admit(Visitor visitor) throws RefusedException;
}
