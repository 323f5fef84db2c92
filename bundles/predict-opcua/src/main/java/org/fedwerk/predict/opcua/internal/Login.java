// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.predict.opcua.internal;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** The one user that may log in. */
record Login(String user, String password) {
  /** Compares in a time that tells nothing about either. */
  boolean admits(String askedUser, String askedPassword) {
    boolean sameUser = isEqual(user, askedUser);
    boolean samePassword = isEqual(password, askedPassword);
    return sameUser & samePassword;
  }

  private static boolean isEqual(String ours, String theirs) {
    return MessageDigest.isEqual(
        ours.getBytes(StandardCharsets.UTF_8), theirs.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return "Login[" + user + "]";
  }
}
