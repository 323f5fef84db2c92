// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.plant.internal;

/** A user and the password, which no text shows. */
public record Login(String user, String password) {
  @Override
  public String toString() {
    return user;
  }
}
