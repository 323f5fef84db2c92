// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.store.internal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.Label;
import org.fedwerk.api.signal.LabelReport;
import org.jspecify.annotations.Nullable;

/**
 * Labels with their revisions and the roles of parts: a journal and its content in memory. Entries
 * of evicted parts go with them; what still counts in the oldest file is appended again before that
 * file goes.
 */
final class LabelLog {
  /** What {@link #forget} leaves of a record. */
  private static final int REDACTED = 0;

  private static final int LABEL = 1;
  private static final int ROLE = 2;

  private static final class Entry {
    private final Map<String, List<Label>> labels = new HashMap<>(2);
    private @Nullable DataRole role;

    boolean reportedSince(Instant time) {
      return labels.values().stream().anyMatch(l -> !l.get(l.size() - 1).time().isBefore(time));
    }
  }

  private final SegmentJournal journal;
  private final Predicate<String> deleted;
  private final Map<String, Entry> entries = new HashMap<>();

  /**
   * Reads what is there.
   *
   * @param deleted serials of which nothing is taken
   */
  LabelLog(SegmentJournal journal, Predicate<String> deleted) {
    this.journal = journal;
    this.deleted = deleted;
    journal.replay(1, (sequence, body) -> load(body));
  }

  synchronized Optional<Label> label(LabelReport report) {
    if (deleted.test(report.serial())) {
      return Optional.empty();
    }
    List<Label> known = revisionsOf(report.serial(), report.label());
    if (!known.isEmpty()) {
      Label newest = known.get(known.size() - 1);
      if (newest.value().equals(report.value())
          && newest.source().equals(report.source())
          && newest.time().equals(report.time())) {
        return Optional.of(newest);
      }
    }
    int revision = known.isEmpty() ? 1 : known.get(known.size() - 1).revision() + 1;
    Label label =
        new Label(
            report.serial(),
            report.label(),
            report.value(),
            report.source(),
            report.time(),
            revision);
    journal.append(write(label));
    keep(label);
    return Optional.of(label);
  }

  synchronized List<Label> revisions(String serial, String label) {
    return List.copyOf(revisionsOf(serial, label));
  }

  synchronized Optional<Label> newest(String serial, String label) {
    List<Label> known = revisionsOf(serial, label);
    return known.isEmpty() ? Optional.empty() : Optional.of(known.get(known.size() - 1));
  }

  synchronized DataRole decide(String serial, DataRole role) {
    Entry entry = entries.get(serial);
    if (entry != null && entry.role != null) {
      return entry.role;
    }
    if (deleted.test(serial)) {
      return role;
    }
    journal.append(new RecordWriter(32).u8(ROLE).text(serial).u8(role.ordinal()).toBytes());
    entries.computeIfAbsent(serial, s -> new Entry()).role = role;
    return role;
  }

  synchronized Optional<DataRole> role(String serial) {
    Entry entry = entries.get(serial);
    return entry == null ? Optional.empty() : Optional.ofNullable(entry.role);
  }

  /**
   * Forgets what belongs to no kept part. Labels that are younger than the oldest part stay: their
   * part may still come.
   */
  synchronized void forgetEvicted(Predicate<String> kept, Instant oldestBegin) {
    entries
        .entrySet()
        .removeIf(e -> !kept.test(e.getKey()) && !e.getValue().reportedSince(oldestBegin));
    long second = journal.secondSegment();
    if (second == 0) {
      return;
    }
    List<byte[]> living = new ArrayList<>();
    long oldest = journal.first();
    journal.replay(
        oldest,
        (sequence, body) -> {
          if (sequence < second && isLiving(body)) {
            living.add(body);
          }
        });
    living.forEach(journal::append);
    journal.dropBefore(second);
  }

  /** Serials that a person or a source named, where a test of their labels holds. */
  synchronized Set<String> serials(Predicate<Label> any) {
    Set<String> found = new HashSet<>();
    entries.forEach(
        (serial, entry) -> {
          if (entry.labels.values().stream().flatMap(List::stream).anyMatch(any)) {
            found.add(serial);
          }
        });
    return found;
  }

  /** True if there is a label or a role. */
  synchronized boolean knows(String serial) {
    return entries.containsKey(serial);
  }

  /** Revisions of labels of these serials. */
  synchronized int count(Set<String> serials) {
    return serials.stream()
        .map(entries::get)
        .filter(Objects::nonNull)
        .flatMap(entry -> entry.labels.values().stream())
        .mapToInt(List::size)
        .sum();
  }

  /** Takes what belongs to deleted serials out of memory and files. */
  synchronized void forget() {
    entries.keySet().removeIf(deleted);
    journal.redact(
        (sequence, body) -> {
          RecordReader in = new RecordReader(body);
          return in.u8() != REDACTED && deleted.test(in.text()) ? new byte[] {REDACTED} : null;
        });
  }

  long bytes() {
    return journal.bytes();
  }

  private boolean isLiving(byte[] body) {
    RecordReader in = new RecordReader(body);
    return in.u8() != REDACTED && entries.containsKey(in.text());
  }

  private List<Label> revisionsOf(String serial, String label) {
    Entry entry = entries.get(serial);
    return entry == null ? List.of() : entry.labels.getOrDefault(label, List.of());
  }

  private void load(byte[] body) {
    RecordReader in = new RecordReader(body);
    int kind = in.u8();
    if (kind == REDACTED) {
      return;
    }
    String serial = in.text();
    if (kind == ROLE) {
      entries.computeIfAbsent(serial, s -> new Entry()).role = DataRole.values()[in.u8()];
    } else if (kind == LABEL) {
      String name = in.text().intern();
      String value = in.text().intern();
      String source = in.text().intern();
      Instant time = in.time();
      keep(new Label(serial, name, value, source, time, in.size()));
    } else {
      throw new IllegalStateException("the labels' journal has a record of unknown kind " + kind);
    }
  }

  /** Revisions that were appended again come late and perhaps twice. */
  private void keep(Label label) {
    List<Label> known =
        entries
            .computeIfAbsent(label.serial(), s -> new Entry())
            .labels
            .computeIfAbsent(label.name(), n -> new ArrayList<>(1));
    int at = known.size();
    while (at > 0 && known.get(at - 1).revision() > label.revision()) {
      at--;
    }
    if (at == 0 || known.get(at - 1).revision() < label.revision()) {
      known.add(at, label);
    }
  }

  private static byte[] write(Label label) {
    return new RecordWriter(64)
        .u8(LABEL)
        .text(label.serial())
        .text(label.name())
        .text(label.value())
        .text(label.source())
        .time(label.time())
        .varint(label.revision())
        .toBytes();
  }
}
