// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.store.postgres.internal;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * The one row that says who works. Each holder has its own token, one more than that of the holder
 * before; the token guards every statement that writes. Only the database's clock is asked.
 */
final class Lease {
  private final Database database;
  private final String holder;
  private final Duration length;

  Lease(Database database, String holder, Duration length) {
    this.database = database;
    this.holder = holder;
    this.length = length;
  }

  /** Who has the lease. */
  record Held(String holder, long token, boolean expired) {}

  /** Takes the lease if nobody has it; the new token then. */
  OptionalLong take() {
    return database.run(
        "taking the lease",
        connection -> {
          try (PreparedStatement sql =
              connection.prepareStatement(
                  "update lease set holder = ?, token = token + 1,"
                      + " until = clock_timestamp() + ? * interval '1 millisecond'"
                      + " where until < clock_timestamp() returning token")) {
            sql.setString(1, holder);
            sql.setLong(2, length.toMillis());
            try (ResultSet taken = sql.executeQuery()) {
              return taken.next() ? OptionalLong.of(taken.getLong(1)) : OptionalLong.empty();
            }
          }
        });
  }

  /** Renews the lease; false if another one has it now. */
  boolean renew(long token) {
    return database.run(
        "renewing the lease",
        connection -> {
          try (PreparedStatement sql =
              connection.prepareStatement(
                  "update lease set until = clock_timestamp() + ? * interval '1 millisecond'"
                      + " where token = ?")) {
            sql.setLong(1, length.toMillis());
            sql.setLong(2, token);
            return sql.executeUpdate() == 1;
          }
        });
  }

  /** Gives the lease back, so that nobody needs to wait for its end. */
  void release(long token) {
    database.run(
        "giving the lease back",
        connection -> {
          try (PreparedStatement sql =
              connection.prepareStatement("update lease set until = '-infinity' where token = ?")) {
            sql.setLong(1, token);
            return sql.executeUpdate();
          }
        });
  }

  /** Who has it, or had it last. */
  Held look() {
    return database.run(
        "reading the lease",
        connection -> {
          try (PreparedStatement sql =
                  connection.prepareStatement(
                      "select holder, token, until < clock_timestamp() from lease");
              ResultSet row = sql.executeQuery()) {
            if (!row.next()) {
              throw new java.sql.SQLException("table lease is empty");
            }
            return new Held(row.getString(1), row.getLong(2), row.getBoolean(3));
          }
        });
  }
}
