// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.fedwerk.api.Digest;
import org.fedwerk.api.message.Position;
import org.fedwerk.api.message.ReplyKey;
import org.fedwerk.api.store.Journal;

/**
 * Replies on disk before their first byte leaves; after a crash the same bytes go again.
 * Thread-safe.
 */
final class Outbox {
  private static final int ADDED = 1;
  private static final int SETTLED = 2;
  private static final String NAME = "site/outbox";

  private final Journal journal;
  private final Map<ReplyKey, Reply> replies = new LinkedHashMap<>();
  private final Map<ReplyKey, Long> sequences = new LinkedHashMap<>();
  private final Map<ReplyKey, Set<Digest>> chunks = new HashMap<>();

  /**
   * A reply.
   *
   * @param key what it answers
   * @param epoch epoch of the plan
   * @param sealed the sealed manifest
   * @param body digest of the manifest's body, by which receipts name it
   * @param chunks digests of its chunks and of the pieces of their lists, kept as blobs
   * @param settled true once a receipt came
   * @param statistics of how many inputs it tells count, mean and variance
   * @param labels true if it tells of the labels of training examples
   */
  record Reply(
      ReplyKey key,
      long epoch,
      byte[] sealed,
      Digest body,
      List<Digest> chunks,
      boolean settled,
      int statistics,
      boolean labels) {
    /** A reply that tells neither. */
    Reply(
        ReplyKey key,
        long epoch,
        byte[] sealed,
        Digest body,
        List<Digest> chunks,
        boolean settled) {
      this(key, epoch, sealed, body, chunks, settled, 0, false);
    }

    /** What the gate must know that it holds. */
    Set<EgressGate.Beyond> beyond() {
      Set<EgressGate.Beyond> holds = EnumSet.noneOf(EgressGate.Beyond.class);
      if (statistics > 0) {
        holds.add(EgressGate.Beyond.STATISTICS);
      }
      if (labels) {
        holds.add(EgressGate.Beyond.LABELS);
      }
      return holds;
    }

    Position position() {
      return new Position(epoch, key.round(), key.attempt(), key.phase());
    }
  }

  Outbox(Journal journal) {
    this.journal = journal;
    journal.replay(
        journal.first(), (sequence, bytes) -> apply(sequence, new StateReader(NAME, bytes)));
  }

  private void apply(long sequence, StateReader record) {
    ReplyKey key = ManifestBook.readKey(record);
    if (record.type() == ADDED) {
      remember(
          sequence,
          new Reply(
              key,
              record.number(),
              record.raw(),
              record.digest(),
              record.list(StateReader::digest),
              false,
              // An older program told no statistics, and one before this nothing of labels.
              record.hasMore() ? record.integer() : 0,
              record.hasMore() && record.number() > 0));
    } else {
      replies.computeIfPresent(key, (k, reply) -> settled(reply));
    }
  }

  private static Reply settled(Reply reply) {
    return new Reply(
        reply.key(),
        reply.epoch(),
        reply.sealed(),
        reply.body(),
        reply.chunks(),
        true,
        reply.statistics(),
        reply.labels());
  }

  /** Keeps a reply; when it returns, it is forced to the device. */
  synchronized void add(Reply reply) {
    StateWriter record = ManifestBook.writeKey(new StateWriter(ADDED), reply.key());
    record
        .number(reply.epoch())
        .raw(reply.sealed())
        .digest(reply.body())
        .list(reply.chunks(), StateWriter::digest)
        .number(reply.statistics())
        .number(reply.labels() ? 1 : 0);
    long sequence = journal.append(record.record());
    journal.force();
    remember(sequence, reply);
  }

  private void remember(long sequence, Reply reply) {
    replies.put(reply.key(), reply);
    sequences.put(reply.key(), sequence);
    chunks.put(reply.key(), Set.copyOf(reply.chunks()));
  }

  synchronized Optional<Reply> find(ReplyKey key) {
    return Optional.ofNullable(replies.get(key));
  }

  /** Replies that no receipt has named yet. */
  synchronized List<Reply> unanswered() {
    return replies.values().stream().filter(reply -> !reply.settled()).toList();
  }

  /** True if a chunk belongs to a reply of a task, and may be asked for. */
  synchronized boolean offers(Digest task, Digest chunk) {
    return chunks.entrySet().stream()
        .anyMatch(each -> each.getKey().task().equals(task) && each.getValue().contains(chunk));
  }

  /** True if a chunk belongs to any reply. */
  synchronized boolean needs(Digest chunk) {
    return chunks.values().stream().anyMatch(each -> each.contains(chunk));
  }

  /** The chunks of all replies. */
  synchronized Set<Digest> chunks() {
    return chunks.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
  }

  /** A receipt came for the manifest with this body. */
  synchronized void settle(Digest body) {
    for (Reply reply : new ArrayList<>(replies.values())) {
      if (reply.body().equals(body) && !reply.settled()) {
        journal.append(ManifestBook.writeKey(new StateWriter(SETTLED), reply.key()).record());
        replies.put(reply.key(), settled(reply));
      }
    }
  }

  /**
   * Forgets replies of a task that a position has made moot: those to phases before it, and those
   * to later phases that an earlier epoch asked for and a restored coordinator knows nothing of. A
   * reply to the same phase stays: a coordinator that took over may want it again. They may be
   * there again after a restart, so this is repeated on opening.
   *
   * @param late true if the task takes updates that come late: those stay until their receipt
   */
  synchronized void forget(Digest task, Position now, boolean late) {
    forget(
        reply ->
            reply.key().task().equals(task)
                && isMoot(reply.position(), now)
                && (reply.settled() || !late || reply.chunks().isEmpty()));
  }

  private static boolean isMoot(Position reply, Position now) {
    return reply.compareTo(now) < 0 && !reply.isSamePhase(now);
  }

  /** Forgets all replies of a task, which may not leave any more. */
  synchronized void forget(Digest task) {
    forget(reply -> reply.key().task().equals(task));
  }

  private void forget(Predicate<Reply> moot) {
    replies.values().removeIf(moot);
    sequences.keySet().retainAll(replies.keySet());
    chunks.keySet().retainAll(replies.keySet());
    journal.dropBefore(sequences.values().stream().min(Long::compare).orElse(journal.last() + 1));
  }
}
