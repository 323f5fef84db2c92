// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.store.postgres.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * Where the database is and how long a lease lasts.
 *
 * @param url JDBC address without user and password
 * @param user role of the database; empty for the driver's default
 * @param password of the user; empty for none
 * @param schema schema of the tables
 * @param holder name of this process in the lease
 * @param lease how long the lease lasts without being renewed
 */
public record PostgresSettings(
    String url, String user, String password, String schema, String holder, Duration lease) {
  static final String PID = "org.fedwerk.store.postgres";
  private static final Pattern SCHEMA = Pattern.compile("[a-z_][a-z0-9_]{0,62}");

  public PostgresSettings {
    require(
        url.startsWith("jdbc:postgresql:"),
        "url",
        withoutParameters(url),
        "jdbc:postgresql://host:port/database");
    require(
        !url.contains("password="),
        "url",
        withoutParameters(url),
        "an address without a password; use .password or password.file");
    require(
        SCHEMA.matcher(schema).matches(),
        "schema",
        schema,
        "a lower case letter or _, then letters, digits and _");
    require(!holder.isBlank() && holder.length() <= 200, "holder", holder, "1 to 200 characters");
    require(
        lease.toMillis() >= 500 && lease.toSeconds() <= 300,
        "lease.seconds",
        lease.toSeconds(),
        "2 to 300");
  }

  static PostgresSettings of(Config config) {
    require(
        config.lease_seconds() >= 2, "lease.seconds", config.lease_seconds(), "2 to 300 seconds");
    return new PostgresSettings(
        config.url(),
        config.user(),
        password(config),
        config.schema(),
        config.holder().isBlank() ? here() : config.holder(),
        Duration.ofSeconds(config.lease_seconds()));
  }

  private static String password(Config config) {
    if (config.password_file().isBlank()) {
      return config._password();
    }
    require(
        config._password().isEmpty(),
        "password.file",
        config.password_file(),
        "one of .password and password.file, not both");
    try {
      return Files.readString(Path.of(config.password_file())).lines().findFirst().orElse("");
    } catch (IOException unreadable) {
      throw new IllegalArgumentException(
          PID
              + ": password.file = "
              + config.password_file()
              + " is not allowed; allowed is a file that this process may read",
          unreadable);
    }
  }

  private static String here() {
    String host;
    try {
      host = InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException nameless) {
      host = "unnamed host";
    }
    return host + " process " + ProcessHandle.current().pid();
  }

  /** What may be shown: an address's parameters can carry secrets. */
  String shownUrl() {
    return withoutParameters(url);
  }

  private static String withoutParameters(String url) {
    int at = url.indexOf('?');
    return at < 0 ? url : url.substring(0, at);
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "PostgresSettings[" + shownUrl() + ", " + user + ", " + schema + ", " + holder + "]";
  }

  private static void require(boolean right, String key, Object value, String allowed) {
    if (!right) {
      throw new IllegalArgumentException(
          PID + ": " + key + " = " + value + " is not allowed; allowed is " + allowed);
    }
  }
}
