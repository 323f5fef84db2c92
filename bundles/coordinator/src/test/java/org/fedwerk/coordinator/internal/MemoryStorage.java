// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.fedwerk.api.Digest;
import org.fedwerk.api.store.Blobs;
import org.fedwerk.api.store.Journal;
import org.fedwerk.api.store.Storage;

/** A disk that survives its user, can fill up, and can be copied as a kill would leave it. */
public final class MemoryStorage implements Storage {
  private final Map<String, MemoryJournal> journals = new TreeMap<>();
  final Map<Digest, byte[]> blobs = new HashMap<>();

  /** Appends left until the process is killed; negative for ever. */
  int appendsLeft = -1;

  boolean isFull;

  /** Thrown where a kill would end the process. */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  MemoryStorage copy() {
    MemoryStorage copy = new MemoryStorage();
    journals.forEach((name, journal) -> copy.journal(name).records.putAll(journal.records));
    copy.blobs.putAll(blobs);
    return copy;
  }

  @Override
  public synchronized MemoryJournal journal(String name) {
    return journals.computeIfAbsent(name, n -> new MemoryJournal());
  }

  @Override
  public Blobs blobs() {
    return new Blobs() {
      @Override
      public Digest put(byte[] bytes) {
        Digest digest = Digest.of(bytes);
        blobs.put(digest, bytes.clone());
        return digest;
      }

      @Override
      public Optional<byte[]> get(Digest digest) {
        return Optional.ofNullable(blobs.get(digest));
      }

      @Override
      public boolean has(Digest digest) {
        return blobs.containsKey(digest);
      }

      @Override
      public void delete(Digest digest) {
        blobs.remove(digest);
      }
    };
  }

  final class MemoryJournal implements Journal {
    private final TreeMap<Long, byte[]> records = new TreeMap<>();
    private long last;

    @Override
    public synchronized long append(byte[] record) {
      if (isFull) {
        throw new UncheckedIOException(new java.io.IOException("no space left on device"));
      }
      if (appendsLeft == 0) {
        throw new Killed();
      }
      appendsLeft--;
      last = last() + 1;
      records.put(last, record.clone());
      return last;
    }

    @Override
    public void force() {}

    @Override
    public synchronized void replay(long from, Visitor visitor) {
      List<Map.Entry<Long, byte[]>> all = new ArrayList<>(records.tailMap(from, true).entrySet());
      all.forEach(entry -> visitor.record(entry.getKey(), entry.getValue()));
    }

    @Override
    public synchronized long last() {
      return records.isEmpty() ? last : records.lastKey();
    }

    @Override
    public synchronized long first() {
      return records.isEmpty() ? last + 1 : records.firstKey();
    }

    @Override
    public long bytes() {
      return records.values().stream().mapToLong(record -> record.length).sum();
    }

    @Override
    public synchronized void dropBefore(long sequence) {
      records.headMap(sequence, false).clear();
    }

    @Override
    public void close() {}
  }
}
