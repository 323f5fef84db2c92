// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.store.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.fedwerk.api.Digest;
import org.jspecify.annotations.Nullable;

/**
 * Which serials were deleted, so that none comes back by a late label or a source that delivers
 * again. Of a serial a hash is kept, salted by random bytes of this store: enough to recognise the
 * serial, not to read it. Thread-safe.
 */
final class Tombstones {
  private static final int SALT = 1;
  private static final int DELETED = 2;
  private static final int DONE = 3;
  private static final int SALT_BYTES = 32;
  private static final int HASH_BYTES = 32;

  private final SegmentJournal journal;
  private final Map<Digest, Instant> through = new ConcurrentHashMap<>();
  private byte @Nullable [] salt;
  private @Nullable Instant newest;
  private long deletions;
  private boolean open;

  Tombstones(SegmentJournal journal) {
    this.journal = journal;
    journal.replay(1, (sequence, body) -> load(new RecordReader(body)));
  }

  private void load(RecordReader in) {
    int kind = in.u8();
    switch (kind) {
      case SALT -> salt = in.raw(SALT_BYTES);
      case DELETED -> {
        Instant time = in.time();
        for (int left = in.size(); left > 0; left--) {
          through.put(Digest.ofRaw(in.raw(HASH_BYTES)), time);
        }
        newest = time;
        deletions++;
        open = true;
      }
      case DONE -> open = false;
      default ->
          throw new IllegalStateException(
              "the journal of deletions has a record of unknown kind " + kind);
    }
  }

  /**
   * Serials are deleted from now on, also after a kill.
   *
   * @param time parts that begin before it are deleted
   */
  synchronized void begin(Collection<String> serials, Instant time) {
    if (salt == null) {
      byte[] random = new byte[SALT_BYTES];
      new SecureRandom().nextBytes(random);
      journal.append(new RecordWriter(40).u8(SALT).raw(random).toBytes());
      salt = random;
    }
    RecordWriter out = new RecordWriter(32 + HASH_BYTES * serials.size());
    out.u8(DELETED).time(time).varint(serials.size());
    for (String serial : serials) {
      out.raw(hash(salt, serial).raw());
    }
    byte[] record = out.toBytes();
    journal.append(record);
    journal.force();
    load(new RecordReader(record));
  }

  /** All of it is gone from the files. */
  synchronized void end() {
    journal.append(new RecordWriter(4).u8(DONE).toBytes());
    journal.force();
    open = false;
  }

  /** True if a deletion has begun and not ended. */
  synchronized boolean isOpen() {
    return open;
  }

  synchronized long deletions() {
    return deletions;
  }

  /** Parts that begin before it and are deleted stay so. */
  synchronized Optional<Instant> newest() {
    return Optional.ofNullable(newest);
  }

  /** True if a serial was deleted. */
  boolean has(String serial) {
    return through(serial) != null;
  }

  /** True if a part was deleted and is no later one of the same name. */
  boolean hasPart(String serial, Instant begin) {
    Instant end = through(serial);
    return end != null && begin.isBefore(end);
  }

  private @Nullable Instant through(String serial) {
    byte[] known;
    synchronized (this) {
      known = salt;
    }
    return known == null ? null : through.get(hash(known, serial));
  }

  private static Digest hash(byte[] salt, String serial) {
    byte[] text = serial.getBytes(StandardCharsets.UTF_8);
    return Digest.of(ByteBuffer.allocate(salt.length + text.length).put(salt).put(text).array());
  }
}
