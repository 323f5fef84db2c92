// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.broker.internal;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code user.<name>.password} and {@code user.<name>.topics}, and refuses unknown keys. */
final class Users {
  private static final Pattern KEY = Pattern.compile("user\\.([A-Za-z0-9_-]{1,40})\\.(.+)");
  private static final Pattern FOREIGN =
      Pattern.compile("(service|component|felix|org\\.apache|osgi)\\..*|.*\\.target");
  private static final String PASSWORD = "password";
  private static final String TOPICS = "topics";

  private Users() {}

  /**
   * Reads them from a configuration.
   *
   * @param name the broker's, for messages
   * @param known the other keys
   */
  static Map<String, BrokerSettings.User> read(
      String name, Map<String, Object> configuration, Set<String> known) {
    Map<String, String> passwords = new TreeMap<>();
    Map<String, List<TopicFilter>> topics = new TreeMap<>();
    configuration.forEach(
        (key, value) -> {
          Matcher user = KEY.matcher(key);
          if (user.matches() && user.group(2).equals(PASSWORD)) {
            String password = String.valueOf(value);
            BrokerSettings.require(
                !password.isEmpty(), name, key, "", "a password that is not empty");
            passwords.put(user.group(1), password);
          } else if (user.matches() && user.group(2).equals(TOPICS)) {
            topics.put(user.group(1), filters(name, key, value));
          } else if (!known.contains(key) && !FOREIGN.matcher(key).matches()) {
            throw new IllegalArgumentException(
                BrokerSettings.PID
                    + "-"
                    + name
                    + ": the key "
                    + key
                    + " is not known; use "
                    + String.join(", ", known)
                    + ", user.<name>.password, user.<name>.topics");
          }
        });
    BrokerSettings.require(
        passwords.keySet().equals(topics.keySet()),
        name,
        "user.*",
        String.join(", ", topics.keySet()),
        "both user.<name>.password and user.<name>.topics for each user");
    Map<String, BrokerSettings.User> users = new TreeMap<>();
    passwords.forEach(
        (user, password) ->
            users.put(
                user, new BrokerSettings.User(password, topics.getOrDefault(user, List.of()))));
    return users;
  }

  private static List<TopicFilter> filters(String name, String key, Object value) {
    try {
      return Arrays.stream(String.valueOf(value).split(","))
          .map(filter -> TopicFilter.of(filter.strip()))
          .toList();
    } catch (IllegalArgumentException bad) {
      throw new IllegalArgumentException(
          BrokerSettings.PID
              + "-"
              + name
              + ": "
              + key
              + " = \""
              + value
              + "\" is not allowed; use MQTT topic filters with commas between them, such as"
              + " plant1/#",
          bad);
    }
  }
}
