// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.store.postgres.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * One connection to the database, made when it is needed and made anew after trouble. Callers take
 * turns; each waits at most the time limit for the database.
 */
final class Database implements AutoCloseable {
  private static final int CONNECT_SECONDS = 2;

  private final PGSimpleDataSource source = new PGSimpleDataSource();
  private final String shown;
  private @Nullable Connection connection;
  private boolean closed;

  /** Limit is how long an answer may take. */
  Database(PostgresSettings settings, String name, Duration limit) {
    source.setURL(settings.url());
    if (!settings.user().isEmpty()) {
      source.setUser(settings.user());
    }
    if (!settings.password().isEmpty()) {
      source.setPassword(settings.password());
    }
    source.setCurrentSchema(settings.schema());
    source.setApplicationName("fedwerk " + name);
    source.setConnectTimeout(CONNECT_SECONDS);
    source.setLoginTimeout(CONNECT_SECONDS);
    source.setTcpKeepAlive(true);
    int seconds = (int) Math.max(1, (limit.toMillis() + 999) / 1000);
    source.setSocketTimeout(seconds);
    // The server gives up first, so that nothing is done after this side has stopped waiting.
    source.setOptions("-c statement_timeout=" + Math.max(500, seconds * 1000L - 500));
    shown = settings.shownUrl();
  }

  /** Statements on the connection. */
  @FunctionalInterface
  interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  /**
   * Runs statements, each its own transaction.
   *
   * @param what for the message: {@code appending to journal x}
   * @throws UncheckedIOException if the database refuses or cannot be reached; what became of the
   *     statement is not known then
   */
  synchronized <T> T run(String what, Work<T> work) {
    if (closed) {
      String refused = what + " in " + shown + " was refused: this process gave its lease up";
      throw new UncheckedIOException(refused, new IOException(refused));
    }
    try {
      return work.on(open());
    } catch (SQLException trouble) {
      drop();
      throw new UncheckedIOException(
          what + " in " + shown + " failed: " + oneLine(trouble) + "; it is tried again",
          new IOException(trouble));
    }
  }

  private Connection open() throws SQLException {
    Connection open = connection;
    if (open == null) {
      open = source.getConnection();
      connection = open;
    }
    return open;
  }

  private static String oneLine(SQLException trouble) {
    return String.valueOf(trouble.getMessage()).lines().findFirst().orElse("no reason was given");
  }

  private void drop() {
    Connection open = connection;
    connection = null;
    if (open != null) {
      try {
        open.close();
      } catch (SQLException gone) {
        // It is not used again either way.
        return;
      }
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    drop();
  }
}
