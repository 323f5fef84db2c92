// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.fault;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.fedwerk.api.Digest;
import org.fedwerk.api.store.Blobs;
import org.fedwerk.api.store.Journal;
import org.fedwerk.api.store.Storage;

/**
 * A disk for a simulated process: what was appended survives its kill. It can be full for a while.
 * Records go in segments of a few, as they do on a real disk. Any thread may call.
 */
public final class MemoryStorage implements Storage {
  private static final int SEGMENT = 4;
  private static final Pattern NAME =
      Pattern.compile("[a-z0-9-][a-z0-9.-]*(/[a-z0-9-][a-z0-9.-]*)*");

  private final Map<String, Pages> journals = new TreeMap<>();
  private final Map<Digest, byte[]> blobs = new ConcurrentHashMap<>();
  private volatile boolean full;

  /** From now on nothing can be written, or everything again. */
  public void full(boolean isFull) {
    full = isFull;
  }

  private void requireRoom(String what) {
    if (full) {
      throw new UncheckedIOException(
          new IOException(what + " failed: no space left; free some, then it goes on by itself"));
    }
  }

  @Override
  public synchronized Journal journal(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("\"" + name + "\" is no name of a journal");
    }
    Pages journal = journals.computeIfAbsent(name, Pages::new);
    journal.closed = false;
    return journal;
  }

  @Override
  public Blobs blobs() {
    return new Blobs() {
      @Override
      public Digest put(byte[] bytes) {
        requireRoom("keeping a blob");
        Digest digest = Digest.of(bytes);
        blobs.put(digest, bytes.clone());
        return digest;
      }

      @Override
      public Optional<byte[]> get(Digest digest) {
        return Optional.ofNullable(blobs.get(digest)).map(byte[]::clone);
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

  /** Names of all journals. */
  public synchronized List<String> names() {
    return List.copyOf(journals.keySet());
  }

  /** Writes all that is kept, to be read by {@link #load}. */
  public synchronized void save(DataOutputStream out) throws IOException {
    out.writeInt(journals.size());
    for (Pages journal : journals.values()) {
      out.writeUTF(journal.name);
      out.writeLong(journal.last);
      out.writeInt(journal.records.size());
      for (Map.Entry<Long, byte[]> record : journal.records.entrySet()) {
        out.writeLong(record.getKey());
        write(out, record.getValue());
      }
    }
    Map<String, byte[]> ordered = new TreeMap<>();
    blobs.forEach((digest, bytes) -> ordered.put(digest.hex(), bytes));
    out.writeInt(ordered.size());
    for (byte[] blob : ordered.values()) {
      write(out, blob);
    }
  }

  private static void write(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  /** Reads what {@link #save} wrote, in place of all that is kept. */
  public synchronized void load(DataInputStream in) throws IOException {
    journals.clear();
    blobs.clear();
    for (int left = in.readInt(); left > 0; left--) {
      Pages journal = new Pages(in.readUTF());
      journal.last = in.readLong();
      for (int records = in.readInt(); records > 0; records--) {
        long sequence = in.readLong();
        journal.records.put(sequence, in.readNBytes(in.readInt()));
      }
      journals.put(journal.name, journal);
    }
    for (int left = in.readInt(); left > 0; left--) {
      byte[] blob = in.readNBytes(in.readInt());
      blobs.put(Digest.of(blob), blob);
    }
  }

  private final class Pages implements Journal {
    private final String name;
    private final TreeMap<Long, byte[]> records = new TreeMap<>();
    private long last;
    private volatile boolean closed;

    Pages(String name) {
      this.name = name;
    }

    @Override
    public synchronized long append(byte[] record) {
      if (closed) {
        throw new IllegalStateException("journal " + name + " is closed");
      }
      requireRoom("appending to " + name);
      records.put(++last, record.clone());
      return last;
    }

    @Override
    public void force() {
      requireRoom("forcing " + name);
    }

    @Override
    public void replay(long from, Visitor visitor) {
      tail(from).forEach((sequence, record) -> visitor.record(sequence, record.clone()));
    }

    private synchronized Map<Long, byte[]> tail(long from) {
      return new TreeMap<>(records.tailMap(from));
    }

    @Override
    public synchronized long last() {
      return last;
    }

    @Override
    public synchronized long first() {
      return records.isEmpty() ? last + 1 : records.firstKey();
    }

    @Override
    public synchronized long bytes() {
      return records.values().stream().mapToLong(record -> record.length).sum();
    }

    /** Whole segments only, and never the one that is written to. */
    @Override
    public synchronized void dropBefore(long sequence) {
      long keep = Math.min(sequence, last) - 1;
      records.headMap(1 + keep / SEGMENT * SEGMENT).clear();
    }

    @Override
    public synchronized void redact(Redaction redaction) {
      requireRoom("taking content out of " + name);
      records.replaceAll(
          (sequence, record) -> {
            byte[] rest = redaction.of(sequence, record.clone());
            return rest == null ? record : Arrays.copyOf(rest, record.length);
          });
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
