// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.store.postgres.internal;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import org.fedwerk.api.store.Journal;

/**
 * A journal as rows. Each append is one statement and one transaction, so it is on the database's
 * device when it returns. The newest record always stays, since it carries the numbering.
 */
final class PostgresJournal implements Journal {
  private static final int PAGE = 64;

  private final Fence fence;
  private final String name;
  private final Runnable forget;
  private long last;
  private boolean closed;

  /** True while it is not known what became of the newest append. */
  private boolean uncertain;

  PostgresJournal(Fence fence, String name, Runnable forget) {
    this.fence = fence;
    this.name = name;
    this.forget = forget;
    last = number("coalesce(max(sequence), 0)");
  }

  private record Row(long sequence, byte[] body) {}

  @Override
  public synchronized long append(byte[] record) {
    requireOpen();
    mend();
    long sequence = last + 1;
    uncertain = true;
    fence.write(
        "appending to journal " + name,
        "insert into journals select ?, ?, ? from held",
        sql -> {
          sql.setString(2, name);
          sql.setLong(3, sequence);
          sql.setBytes(4, record);
        });
    uncertain = false;
    last = sequence;
    return sequence;
  }

  /** An append that failed may have been carried out before its answer was lost. */
  private void mend() {
    if (uncertain) {
      fence.write(
          "mending journal " + name,
          "delete from journals where name = ? and sequence > ? and exists (select 1 from held)",
          sql -> {
            sql.setString(2, name);
            sql.setLong(3, last);
          });
      uncertain = false;
    }
  }

  /** Every append is forced by the database when it is committed. */
  @Override
  public void force() {
    requireOpen();
  }

  @Override
  public void replay(long from, Visitor visitor) {
    long next = from;
    synchronized (this) {
      mend();
    }
    for (List<Row> page = page(next); !page.isEmpty(); page = page(next)) {
      for (Row row : page) {
        visitor.record(row.sequence(), row.body());
        next = row.sequence() + 1;
      }
    }
  }

  private List<Row> page(long from) {
    return fence
        .database()
        .run(
            "reading journal " + name,
            connection -> {
              try (PreparedStatement sql =
                  connection.prepareStatement(
                      "select sequence, body from journals where name = ? and sequence >= ?"
                          + " order by sequence limit "
                          + PAGE)) {
                sql.setString(1, name);
                sql.setLong(2, from);
                List<Row> rows = new ArrayList<>();
                try (ResultSet found = sql.executeQuery()) {
                  while (found.next()) {
                    rows.add(new Row(found.getLong(1), found.getBytes(2)));
                  }
                }
                return rows;
              }
            });
  }

  @Override
  public synchronized long last() {
    mend();
    return last;
  }

  @Override
  public long first() {
    return number("coalesce(min(sequence), 1)");
  }

  @Override
  public long bytes() {
    return number("coalesce(sum(octet_length(body)), 0)");
  }

  private long number(String expression) {
    return fence
        .database()
        .run(
            "reading journal " + name,
            connection -> {
              try (PreparedStatement sql =
                  connection.prepareStatement(
                      "select " + expression + " from journals where name = ?")) {
                sql.setString(1, name);
                try (ResultSet row = sql.executeQuery()) {
                  return row.next() ? row.getLong(1) : 0;
                }
              }
            });
  }

  @Override
  public synchronized void dropBefore(long sequence) {
    requireOpen();
    mend();
    long keep = Math.min(sequence, last);
    fence.write(
        "shortening journal " + name,
        "delete from journals where name = ? and sequence < ? and exists (select 1 from held)",
        sql -> {
          sql.setString(2, name);
          sql.setLong(3, keep);
        });
  }

  private synchronized void requireOpen() {
    if (closed) {
      throw new IllegalStateException("journal " + name + " is closed");
    }
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      forget.run();
    }
  }
}
