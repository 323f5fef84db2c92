// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.fedwerk.api.Digest;
import org.fedwerk.api.message.Disclosure;
import org.fedwerk.api.message.Float32;
import org.fedwerk.api.message.Metric;
import org.fedwerk.api.store.Journal;

/**
 * What the parts of a task are compared with, and that this site asks for rounds. Of the newest two
 * models of a task the references are kept, so that going back to the one before needs no other. A
 * reference names no part. Thread-safe.
 */
final class DriftBook {
  static final String NAME = "site/drift";

  private static final int REFERENCE = 1;
  private static final int ASKED = 2;
  private static final int REFERENCES_KEPT = 2;
  private static final int COMPACT_EVERY = 32;

  private final Journal journal;
  private final Map<Digest, List<Reference>> references = new TreeMap<>();
  private final Map<Digest, Asked> asked = new TreeMap<>();
  private int forgotten;

  /**
   * What training examples are like, as a model sees them.
   *
   * @param variables per variable its values, oldest example first; never changed
   */
  record Reference(Digest task, Digest model, List<float[]> variables) {
    Reference {
      variables = List.copyOf(variables);
    }
  }

  /**
   * Drift was found in a task that has ended.
   *
   * @param round the task's last
   */
  record Asked(Digest task, Digest model, int round, String method, List<Metric> metrics) {
    Asked {
      metrics = List.copyOf(metrics);
    }
  }

  DriftBook(Journal journal) {
    this.journal = journal;
    journal.replay(
        journal.first(),
        (sequence, bytes) -> {
          StateReader in = new StateReader(NAME, bytes);
          switch (in.type()) {
            case REFERENCE -> remember(reference(in));
            case ASKED -> remember(asked(in));
            default ->
                throw new IllegalStateException(
                    "journal " + NAME + " holds a record of unknown type " + in.type());
          }
        });
  }

  /**
   * Keeps a reference, unless there is one of that model, or parts were deleted since its examples
   * were read.
   *
   * @param seen what {@link #forgotten} said before they were read
   */
  synchronized void keep(Reference reference, int seen) {
    if (seen == forgotten && find(reference.task(), reference.model()).isEmpty()) {
      long sequence = journal.append(encode(reference));
      remember(reference);
      compact(sequence);
    }
  }

  /** Keeps that this site asks; when it returns, it is forced to the device. */
  synchronized void ask(Asked now) {
    journal.append(encode(now));
    journal.force();
    remember(now);
  }

  /**
   * Takes out what training examples are like, since parts of them were deleted; it is taken down
   * anew of those that are left.
   */
  synchronized void forget() {
    references.clear();
    forgotten++;
    journal.redact(
        (sequence, bytes) -> {
          StateReader in = new StateReader(NAME, bytes);
          if (in.type() != REFERENCE) {
            return null;
          }
          Reference whole = reference(in);
          return whole.variables().isEmpty()
              ? null
              : encode(new Reference(whole.task(), whole.model(), List.of()));
        });
  }

  /** How often that was since the start. */
  synchronized int forgotten() {
    return forgotten;
  }

  /** What a model's parts are compared with. */
  synchronized Optional<Reference> find(Digest task, Digest model) {
    return references.getOrDefault(task, List.of()).stream()
        .filter(each -> each.model().equals(model) && !each.variables().isEmpty())
        .findFirst();
  }

  /** The newest request about a task. */
  synchronized Optional<Asked> asked(Digest task) {
    return Optional.ofNullable(asked.get(task));
  }

  private void compact(long sequence) {
    if (sequence % COMPACT_EVERY == 0) {
      references.values().forEach(all -> all.forEach(each -> journal.append(encode(each))));
      asked.values().forEach(each -> journal.append(encode(each)));
      journal.force();
      journal.dropBefore(sequence);
    }
  }

  private void remember(Reference reference) {
    List<Reference> all = references.computeIfAbsent(reference.task(), none -> new ArrayList<>());
    all.removeIf(each -> each.model().equals(reference.model()));
    all.add(reference);
    if (all.size() > REFERENCES_KEPT) {
      all.remove(0);
    }
  }

  private void remember(Asked now) {
    asked.put(now.task(), now);
  }

  private static byte[] encode(Reference reference) {
    return new StateWriter(REFERENCE)
        .digest(reference.task())
        .digest(reference.model())
        .list(
            reference.variables(),
            (out, values) -> out.raw(Float32.encode(values, 0, values.length)))
        .record();
  }

  private static Reference reference(StateReader in) {
    return new Reference(in.digest(), in.digest(), in.list(DriftBook::values));
  }

  private static float[] values(StateReader in) {
    byte[] raw = in.raw();
    float[] values = new float[raw.length / Float.BYTES];
    Float32.decode(raw, values, 0, values.length);
    return values;
  }

  private static byte[] encode(Asked now) {
    return new StateWriter(ASKED)
        .digest(now.task())
        .digest(now.model())
        .number(now.round())
        .text(now.method())
        .list(
            now.metrics(),
            (out, metric) -> out.text(metric.name()).real(metric.value()).number(metric.count()))
        .record();
  }

  private static Asked asked(StateReader in) {
    return new Asked(
        in.digest(),
        in.digest(),
        in.integer(),
        in.text(),
        in.list(
            from -> new Metric(from.text(), from.real(), from.number(), Disclosure.INDIVIDUAL)));
  }
}
