// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.fedwerk.api.Digest;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.message.ReplyKey;
import org.fedwerk.api.site.SiteAgent.UsedExample;
import org.fedwerk.api.store.Journal;

/**
 * What each phase of work read, on disk before the work begins, so that it can be done again
 * exactly and be accounted for. Thread-safe.
 */
final class ManifestBook {
  private static final int USED = 1;

  /** What older manifests say of each part, so that they can go. */
  private static final int USES = 2;

  private static final int KEPT = 200;
  private static final int COMPACT_EVERY = 50;
  private static final String NAME = "site/manifests";

  private final Journal journal;
  private final Map<ReplyKey, UseManifest> byKey = new HashMap<>();
  private final Map<String, UseManifest> newest = new HashMap<>();
  private final Map<String, Long> sequences = new HashMap<>();
  private final UseLedger uses = new UseLedger();
  private Predicate<String> deleted = serial -> false;

  /**
   * One phase's inputs.
   *
   * @param key the phase
   * @param request {@code train}, {@code evaluate}, {@code test}, {@code normalise}
   * @param base global digest it starts from
   * @param seed of shuffling
   * @param engine engine, device, threads
   * @param examples ids with label revisions, in order; of a deleted part the id is empty
   */
  record UseManifest(
      ReplyKey key,
      String request,
      Digest base,
      long seed,
      String engine,
      List<UsedExample> examples) {
    UseManifest {
      examples = List.copyOf(examples);
    }

    /** The same without the names of some parts; itself if it has none of them. */
    UseManifest without(Predicate<String> deleted) {
      if (examples.stream().noneMatch(each -> isNamed(each) && deleted.test(each.serial()))) {
        return this;
      }
      List<UsedExample> rest =
          examples.stream()
              .map(
                  each ->
                      isNamed(each) && deleted.test(each.serial())
                          ? new UsedExample("", each.labelRevision(), each.role())
                          : each)
              .toList();
      return new UseManifest(key, request, base, seed, engine, rest);
    }

    private static boolean isNamed(UsedExample example) {
      return !example.serial().isEmpty();
    }

    /** SHA-256 of the record, named in the reply. */
    Digest digest() {
      return Digest.of(encode(this));
    }
  }

  ManifestBook(Journal journal) {
    this.journal = journal;
    journal.replay(
        journal.first(),
        (sequence, bytes) -> {
          StateReader record = new StateReader(NAME, bytes);
          switch (record.type()) {
            case USED -> remember(sequence, decode(record));
            case USES -> uses.read(record);
            default ->
                throw new IllegalStateException(
                    "journal " + NAME + " holds a record of unknown type " + record.type());
          }
        });
  }

  /** From now on parts are kept out for which this holds, as they were deleted. */
  synchronized void keepOut(Predicate<String> serials) {
    deleted = serials;
  }

  /** The manifest of a phase that was begun before. */
  synchronized Optional<UseManifest> find(ReplyKey key) {
    return Optional.ofNullable(byKey.get(key));
  }

  /**
   * Keeps a manifest, forced to the device. A part that was deleted meanwhile has no name in it.
   */
  synchronized void add(UseManifest whole) {
    UseManifest manifest = whole.without(deleted);
    long sequence = journal.append(encode(manifest));
    journal.force();
    remember(sequence, manifest);
    if (sequence > KEPT && sequence % COMPACT_EVERY == 0) {
      long before = sequence - KEPT;
      // The newest of each request stays, however many other tasks wrote since.
      for (UseManifest each : List.copyOf(newest.values())) {
        if (sequences.getOrDefault(slot(each), 0L) < before) {
          remember(journal.append(encode(each)), each);
        }
      }
      journal.append(uses.write(new StateWriter(USES)).record());
      journal.force();
      journal.dropBefore(before);
    }
  }

  /** How many parts of those for which a test holds each use has read. */
  synchronized Map<Use, Integer> uses(Predicate<String> serials) {
    return uses.of(serials);
  }

  /**
   * Takes the names of deleted parts out of every manifest, in memory and on disk; that there was a
   * part stays.
   */
  synchronized void forget() {
    byKey.replaceAll((key, manifest) -> manifest.without(deleted));
    newest.replaceAll((slot, manifest) -> manifest.without(deleted));
    uses.forget(deleted);
    journal.redact(
        (sequence, bytes) -> {
          StateReader record = new StateReader(NAME, bytes);
          if (record.type() == USES) {
            UseLedger kept = new UseLedger();
            kept.read(record);
            return kept.forget(deleted) ? kept.write(new StateWriter(USES)).record() : null;
          }
          UseManifest manifest = decode(record);
          UseManifest rest = manifest.without(deleted);
          return rest == manifest ? null : encode(rest);
        });
    // Of manifests that lost names the fold cannot be made again.
    journal.append(uses.write(new StateWriter(USES)).record());
    journal.force();
  }

  /** The newest manifest of a request of a task. */
  synchronized Optional<UseManifest> newest(Digest task, String request) {
    return Optional.ofNullable(newest.get(task.hex() + " " + request));
  }

  private static String slot(UseManifest manifest) {
    return manifest.key().task().hex() + " " + manifest.request();
  }

  private void remember(long sequence, UseManifest manifest) {
    uses.add(manifest);
    UseManifest before = newest.put(slot(manifest), manifest);
    sequences.put(slot(manifest), sequence);
    if (before != null) {
      byKey.remove(before.key());
    }
    byKey.put(manifest.key(), manifest);
  }

  /** seed = first 8 bytes of SHA-256(task, round, site). */
  static long seed(ReplyKey key) {
    String text = key.task().hex() + "/" + key.round() + "/" + key.site();
    byte[] raw = Digest.of(text.getBytes(StandardCharsets.UTF_8)).raw();
    return java.nio.ByteBuffer.wrap(raw).getLong();
  }

  static StateWriter writeKey(StateWriter writer, ReplyKey key) {
    return writer
        .digest(key.task())
        .number(key.round())
        .number(key.attempt())
        .number(key.phase())
        .text(key.site());
  }

  static ReplyKey readKey(StateReader record) {
    return new ReplyKey(
        record.digest(), record.integer(), record.integer(), record.integer(), record.text());
  }

  private static byte[] encode(UseManifest manifest) {
    return writeKey(new StateWriter(USED), manifest.key())
        .text(manifest.request())
        .digest(manifest.base())
        .number(manifest.seed())
        .text(manifest.engine())
        .list(
            manifest.examples(),
            (writer, example) ->
                writer
                    .text(example.serial())
                    .number(example.labelRevision())
                    .text(example.role().name().toLowerCase(Locale.ROOT)))
        .record();
  }

  private static UseManifest decode(StateReader record) {
    return new UseManifest(
        readKey(record),
        record.text(),
        record.digest(),
        record.number(),
        record.text(),
        record.list(
            r ->
                new UsedExample(
                    r.text(), r.integer(), DataRole.valueOf(r.text().toUpperCase(Locale.ROOT)))));
  }
}
