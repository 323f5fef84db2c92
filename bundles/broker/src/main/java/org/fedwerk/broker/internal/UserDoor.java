// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.broker.internal;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import org.fedwerk.api.RefusedException;

/** Lets in users by name and password. */
final class UserDoor implements Door {
  private final Map<String, BrokerSettings.User> users;

  UserDoor(Map<String, BrokerSettings.User> users) {
    this.users = Map.copyOf(users);
  }

  @Override
  public Guest admit(Visitor visitor) throws RefusedException {
    String name = visitor.user();
    String password = visitor.password();
    BrokerSettings.User user = name == null ? null : users.get(name);
    if (name == null || user == null || password == null || !isEqual(user.password(), password)) {
      throw new RefusedException(visitor.clientId(), "it has no known user with that password");
    }
    return new Guest("user " + name, user.topics(), user.topics());
  }

  /** In constant time. */
  private static boolean isEqual(String expected, String given) {
    return MessageDigest.isEqual(
        expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
  }
}
