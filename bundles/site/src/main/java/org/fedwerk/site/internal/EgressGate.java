// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.fedwerk.api.Digest;
import org.fedwerk.api.message.Kind;
import org.fedwerk.api.site.SiteAgent.EgressRecord;
import org.fedwerk.api.store.Journal;
import org.fedwerk.api.task.Task;
import org.fedwerk.site.internal.SiteSettings.Permits;
import org.jspecify.annotations.Nullable;

/**
 * The one way out of a site: says whether a message may leave, and records every passage on disk.
 * Thread-safe.
 */
final class EgressGate {
  /** Why a site takes no part in a task with a group {@code contribution}. */
  static final String NO_CONTRIBUTION =
      "contribution.allowed = false, and the task finds what each site adds, by models from which"
          + " other sites can compute this one's update";

  private static final String NO_LABELS =
      "policy, labels.leave = false, so nothing of the training labels leaves";

  /** What a message may hold beyond what its kind says. */
  enum Beyond {
    /** Count, mean and variance of inputs. */
    STATISTICS,
    /** Examples per class, or moments of a label that is a number. */
    LABELS
  }

  private static final int PASSAGE = 1;
  private static final int IN_MEMORY = 2000;
  private static final String NAME = "site/egress";

  /** Kinds that carry something learned from data: only for approved tasks. */
  private static final Set<Kind> LEARNED =
      EnumSet.of(Kind.MANIFEST, Kind.CHUNK, Kind.PROGRESS, Kind.RUNNING, Kind.DRIFT);

  private static final Set<Kind> UPDATES = EnumSet.of(Kind.MANIFEST, Kind.CHUNK);

  private static final Set<Kind> TALK = EnumSet.of(Kind.SYNC, Kind.READY, Kind.FETCH, Kind.LEAVE);

  private final Journal journal;
  private final Clock clock;
  private final long maxBytes;
  private final long kept;
  private final Permits permits;
  private final TaskBook tasks;
  private final Deque<EgressRecord> recent = new ArrayDeque<>();

  /**
   * Opens the gate's record.
   *
   * @param maxBytes largest message that may leave
   * @param kept passages kept on disk at least
   * @param permits what may leave beyond what rounds need
   * @param tasks what the owner decided, asked anew at each passage
   */
  EgressGate(
      Journal journal, Clock clock, long maxBytes, long kept, Permits permits, TaskBook tasks) {
    this.journal = journal;
    this.clock = clock;
    this.maxBytes = maxBytes;
    this.kept = kept;
    this.permits = permits;
    this.tasks = tasks;
    long from = Math.max(journal.first(), journal.last() - IN_MEMORY + 1);
    journal.replay(from, (sequence, bytes) -> remember(decode(sequence, bytes)));
  }

  /**
   * Asks for a passage and records it, whatever the answer.
   *
   * @param about digest of the task it is about; null if none
   * @param kind message kind
   * @param what for the record: what leaves
   * @param bytes its size
   * @return true if it may leave
   */
  boolean pass(@Nullable Digest about, Kind kind, String what, long bytes) {
    return pass(about, kind, what, bytes, Set.of());
  }

  /**
   * The same of a message that may hold more than its kind says.
   *
   * @param holds what is in it
   */
  synchronized boolean pass(
      @Nullable Digest about, Kind kind, String what, long bytes, Set<Beyond> holds) {
    KnownTask task = about == null ? null : tasks.find(about).orElse(null);
    String refusal = refusal(task, kind, bytes);
    if (refusal.isEmpty()) {
      refusal = refusal(holds);
    }
    String name = task == null ? "" : task.task().name();
    Instant now = clock.instant();
    byte[] record =
        new StateWriter(PASSAGE)
            .number(now.toEpochMilli())
            .text(name)
            .text(kind.word())
            .text(what)
            .number(bytes)
            .text(refusal)
            .record();
    long sequence = journal.append(record);
    remember(decode(sequence, record));
    if (sequence % 1000 == 0 && sequence > kept) {
      journal.dropBefore(sequence - kept);
    }
    return refusal.isEmpty();
  }

  private String refusal(Set<Beyond> holds) {
    if (holds.contains(Beyond.STATISTICS) && !permits.statistics()) {
      return SharedStatistics.POLICY + ", so count, mean and variance of no input leave";
    }
    return holds.contains(Beyond.LABELS) && !permits.labels() ? NO_LABELS : "";
  }

  private String refusal(@Nullable KnownTask task, Kind kind, long bytes) {
    if (bytes > maxBytes) {
      return bytes + " bytes are more than egress.max.bytes = " + maxBytes + " allows";
    }
    if (TALK.contains(kind)) {
      return "";
    }
    if (!LEARNED.contains(kind)) {
      return "a site never sends " + kind.word();
    }
    if (task == null || !task.isApproved()) {
      return "the task is not approved; fedwerk:task-approve approves it";
    }
    if (kind == Kind.DRIFT && !permits.driftRequests()) {
      return "drift.requests = false, so this site asks for no rounds";
    }
    if (UPDATES.contains(kind) && disclosesAlone(task.task(), permits)) {
      return NO_CONTRIBUTION;
    }
    return "";
  }

  /** True if the owner lets updates tell of the labels of training examples. */
  boolean tellsLabels() {
    return permits.labels();
  }

  /** Why the owner's policy keeps the site from rounds of a task; empty if it does not. */
  Optional<String> against(Task task) {
    return against(task, permits);
  }

  /** The same under a policy. */
  static Optional<String> against(Task task, Permits permits) {
    return disclosesAlone(task, permits)
        ? Optional.of(NO_CONTRIBUTION)
        : SharedStatistics.against(task, permits.statistics());
  }

  private static boolean disclosesAlone(Task task, Permits permits) {
    return task.contribution() != null && !permits.contribution();
  }

  /** Newest first. */
  synchronized List<EgressRecord> newest(int most) {
    List<EgressRecord> list = new ArrayList<>();
    for (var each = recent.descendingIterator(); each.hasNext() && list.size() < most; ) {
      list.add(each.next());
    }
    return list;
  }

  private void remember(EgressRecord record) {
    recent.addLast(record);
    if (recent.size() > IN_MEMORY) {
      recent.removeFirst();
    }
  }

  private static EgressRecord decode(long sequence, byte[] bytes) {
    StateReader record = new StateReader(NAME, bytes);
    Instant time = Instant.ofEpochMilli(record.number());
    String task = record.text();
    String kind = record.text();
    String what = record.text();
    long size = record.number();
    String refusal = record.text();
    return new EgressRecord(sequence, time, task, kind, what, size, refusal.isEmpty(), refusal);
  }
}
