// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.store.postgres.internal;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A real PostgreSQL of the tests, one for the JVM; it ends with it. */
final class Server {
  private static final AtomicInteger SCHEMAS = new AtomicInteger();
  private static final EmbeddedPostgres POSTGRES = start();

  private Server() {}

  private static EmbeddedPostgres start() {
    try {
      return EmbeddedPostgres.builder().start();
    } catch (IOException unstartable) {
      throw new UncheckedIOException(unstartable);
    }
  }

  static String url() {
    return POSTGRES.getJdbcUrl("postgres", "postgres");
  }

  /** Settings with a schema that nobody used yet. */
  static PostgresSettings fresh(Duration lease) {
    return named("first", "test_" + SCHEMAS.incrementAndGet(), lease);
  }

  /** Another process on the same schema. */
  static PostgresSettings named(String holder, String schema, Duration lease) {
    return new PostgresSettings(
        POSTGRES.getJdbcUrl("postgres", "postgres").replaceAll("\\?.*", ""),
        "postgres",
        "",
        schema,
        holder,
        lease);
  }

  /** Runs SQL beside the product. */
  static void sql(String text) throws SQLException {
    try (Connection connection = POSTGRES.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(text);
    }
  }

  /** One number. */
  static long number(String query) throws SQLException {
    try (Connection connection = POSTGRES.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getLong(1);
    }
  }

  /** Writes a record that is not committed, and takes it back when told to go on. */
  static void blocking(String schema, CompletableFuture<Void> blocked, CompletableFuture<Void> go) {
    try (Connection connection = POSTGRES.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("insert into " + schema + ".journals values ('rounds', 1, 'x'::bytea)");
      blocked.complete(null);
      go.get(20, TimeUnit.SECONDS);
      connection.rollback();
    } catch (Exception failed) {
      blocked.completeExceptionally(failed);
      throw new IllegalStateException(failed);
    }
  }

  /** A question to the database. */
  @FunctionalInterface
  interface Question {
    boolean isSo() throws SQLException;
  }

  /** Waits until something is so. */
  static void await(Question question) throws SQLException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!question.isSo()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("it did not come about");
      }
      Thread.sleep(10);
    }
  }

  /** Waits until somebody waits for another one's transaction. */
  static void awaitWaiting() throws SQLException, InterruptedException {
    await(() -> number("select count(*) from pg_locks where not granted") > 0);
  }
}
