// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.store.postgres.internal;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.HexFormat;
import java.util.Optional;
import org.fedwerk.api.Digest;
import org.fedwerk.api.store.Blobs;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Blobs as rows, named by their SHA-256. */
final class PostgresBlobs implements Blobs {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresBlobs.class);

  private final Fence fence;

  PostgresBlobs(Fence fence) {
    this.fence = fence;
  }

  @Override
  public Digest put(byte[] bytes) {
    Digest digest = Digest.of(bytes);
    fence.write(
        "keeping blob " + digest.brief(),
        "insert into blobs select ?, ? from held on conflict do nothing",
        sql -> {
          sql.setBytes(2, hash(digest));
          sql.setBytes(3, bytes);
        });
    return digest;
  }

  @Override
  public Optional<byte[]> get(Digest digest) {
    Optional<byte[]> bytes =
        fence
            .database()
            .run(
                "reading blob " + digest.brief(),
                connection -> {
                  try (PreparedStatement sql =
                      connection.prepareStatement("select bytes from blobs where hash = ?")) {
                    sql.setBytes(1, hash(digest));
                    try (ResultSet row = sql.executeQuery()) {
                      return row.next() ? Optional.of(row.getBytes(1)) : Optional.empty();
                    }
                  }
                });
    if (bytes.isPresent() && !Digest.of(bytes.get()).equals(digest)) {
      LOG.warn("Blob {} fails its hash; removed, it counts as absent now", digest.brief());
      delete(digest);
      return Optional.empty();
    }
    return bytes;
  }

  @Override
  public boolean has(Digest digest) {
    return fence
        .database()
        .run(
            "looking for blob " + digest.brief(),
            connection -> {
              try (PreparedStatement sql =
                  connection.prepareStatement("select 1 from blobs where hash = ?")) {
                sql.setBytes(1, hash(digest));
                try (ResultSet row = sql.executeQuery()) {
                  return row.next();
                }
              }
            });
  }

  @Override
  public void delete(Digest digest) {
    fence.write(
        "removing blob " + digest.brief(),
        "delete from blobs where hash = ? and exists (select 1 from held)",
        sql -> sql.setBytes(2, hash(digest)));
  }

  private static byte[] hash(Digest digest) {
    return HexFormat.of().parseHex(digest.hex());
  }
}
