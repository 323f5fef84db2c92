// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.store.postgres.internal;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Writes for one holder of the lease. A write and the question whether the lease is still this
 * holder's are one statement, which keeps the lease's row from changing until the write is
 * committed; a holder that was taken over writes nothing, however late its statement arrives.
 */
final class Fence {
  private static final String HELD =
      "with held as (select 1 from lease where token = ? for share), written as (";
  private static final String COUNT =
      " returning 1) select (select count(*) from held), (select count(*) from written)";

  private final Database database;
  private final long token;
  private final Runnable lost;

  /** Lost is told when a write was refused, on the writer's thread. */
  Fence(Database database, long token, Runnable lost) {
    this.database = database;
    this.token = token;
    this.lost = lost;
  }

  long token() {
    return token;
  }

  Database database() {
    return database;
  }

  /** Sets the parameters of a write, from 2 on. */
  @FunctionalInterface
  interface Parameters {
    void set(PreparedStatement sql) throws SQLException;
  }

  /**
   * Writes.
   *
   * @param what for the message: {@code appending to journal x}
   * @param write an insert, update or delete that does something only for a row of {@code held}
   * @return rows written
   * @throws LeaseLostException if the lease is another one's
   */
  long write(String what, String write, Parameters parameters) {
    long[] counts =
        database.run(
            what,
            connection -> {
              try (PreparedStatement sql = connection.prepareStatement(HELD + write + COUNT)) {
                sql.setLong(1, token);
                parameters.set(sql);
                try (ResultSet row = sql.executeQuery()) {
                  if (!row.next()) {
                    throw new SQLException("the statement answered nothing");
                  }
                  return new long[] {row.getLong(1), row.getLong(2)};
                }
              }
            });
    if (counts[0] == 0) {
      lost.run();
      throw new LeaseLostException(what);
    }
    return counts[1];
  }
}
