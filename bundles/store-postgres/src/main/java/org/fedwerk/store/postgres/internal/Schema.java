// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.store.postgres.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The tables and their version. */
final class Schema {
  private static final int VERSION = 1;

  /** Two processes that start together make the tables one after the other. */
  private static final long MAKING = 0x464544574552L;

  private Schema() {}

  /**
   * Makes the tables where they are absent.
   *
   * @throws UncheckedIOException if a newer release made them
   */
  static void prepare(Database database, String name) {
    int version =
        database.run(
            "preparing the tables",
            connection -> {
              connection.setAutoCommit(false);
              try {
                int found = make(connection, name);
                connection.commit();
                return found;
              } catch (SQLException failed) {
                connection.rollback();
                throw failed;
              } finally {
                connection.setAutoCommit(true);
              }
            });
    if (version > VERSION) {
      String refused =
          "schema "
              + name
              + " has format version "
              + version
              + ", this release reads up to "
              + VERSION
              + "; start the newer release, or name an empty schema";
      throw new UncheckedIOException(refused, new IOException(refused));
    }
  }

  private static int make(Connection connection, String name) throws SQLException {
    try (Statement sql = connection.createStatement()) {
      sql.execute("select pg_advisory_xact_lock(" + MAKING + ")");
      if (!exists(sql, name)) {
        sql.execute("create schema if not exists " + name);
        sql.execute("create table " + name + ".format (version int not null)");
        sql.execute("insert into " + name + ".format values (" + VERSION + ")");
        sql.execute(
            "create table "
                + name
                + ".journals (name text not null, sequence bigint not null, body bytea not null,"
                + " primary key (name, sequence))");
        sql.execute(
            "create table " + name + ".blobs (hash bytea primary key, bytes bytea not null)");
        sql.execute(
            "create table "
                + name
                + ".lease (id int primary key check (id = 1), holder text not null, token bigint"
                + " not null, until timestamptz not null)");
        sql.execute("insert into " + name + ".lease values (1, '', 0, '-infinity')");
      }
      try (ResultSet found = sql.executeQuery("select version from " + name + ".format")) {
        if (!found.next()) {
          throw new SQLException("table " + name + ".format is empty");
        }
        return found.getInt(1);
      }
    }
  }

  private static boolean exists(Statement sql, String name) throws SQLException {
    try (ResultSet found = sql.executeQuery("select to_regclass('" + name + ".format')")) {
      return found.next() && found.getString(1) != null;
    }
  }
}
