// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.fedwerk.api.Digest;
import org.fedwerk.api.coordinator.Coordination.RoundRecord;
import org.fedwerk.api.model.ModelVersion;
import org.fedwerk.api.store.Journal;
import org.fedwerk.coordinator.internal.bytes.StateReader;
import org.fedwerk.coordinator.internal.bytes.StateWriter;

/**
 * A task's model versions and run history. A round and the model it made are one record, so that
 * there is never one without the other. The bytes of the newest two versions and of the best are
 * kept, and those that sites are to deploy or may be; others go.
 */
final class Registry {
  private static final int INITIAL = 1;
  private static final int ROUND = 2;

  private final String metric;
  private final Journal journal;
  private final BlobKeeper.Holder blobs;
  private final Supplier<Set<Integer>> needed;
  private final TreeMap<Integer, StoredModel> kept = new TreeMap<>();
  private final Set<Digest> retired = new LinkedHashSet<>();
  private Set<Digest> served = Set.of();
  private List<ModelVersion> models = List.of();
  private List<RoundRecord> rounds = List.of();

  /**
   * Reads what is there and holds the blobs of the versions kept.
   *
   * @param needed versions whose bytes are kept besides
   */
  Registry(String metric, Journal journal, BlobKeeper.Holder blobs, Supplier<Set<Integer>> needed) {
    this.metric = metric;
    this.journal = journal;
    this.blobs = blobs;
    this.needed = needed;
    journal.replay(
        journal.first(),
        (sequence, bytes) -> {
          StateReader in = new StateReader("a run history", bytes);
          if (in.type() == ROUND) {
            rounds = with(rounds, HistoryCodec.decode(in));
          }
          in.maybe(from -> new StoredModel(Fields.version(from), Fields.model(from)))
              .ifPresent(this::take);
        });
  }

  /** All versions, oldest first. */
  List<ModelVersion> models() {
    return models;
  }

  /** Committed rounds, oldest first. */
  List<RoundRecord> rounds() {
    return rounds;
  }

  /** The round's record if it is committed. */
  Optional<RoundRecord> round(int number) {
    return rounds.stream().filter(round -> round.round() == number).findFirst();
  }

  /** Keeps version 0; its chunks are held already. */
  void begin(StoredModel initial) {
    journal.append(new StateWriter(INITIAL).maybe(Optional.of(initial), Registry::model).record());
    journal.force();
    take(initial);
    blobs.release(initial.blobs());
  }

  /** Keeps a round's result. */
  void commit(RoundRecord round, Optional<StoredModel> made) {
    StateWriter out = new StateWriter(ROUND);
    HistoryCodec.encode(out, round);
    journal.append(out.maybe(made, Registry::model).record());
    journal.force();
    rounds = with(rounds, round);
    made.ifPresent(this::take);
    sweep();
  }

  /** A version whose bytes are kept. */
  Optional<StoredModel> find(int version) {
    return Optional.ofNullable(kept.get(version));
  }

  /** Other versions are needed now. */
  void needsChanged() {
    prune();
    sweep();
  }

  /** Removes the bytes of versions that are not kept. */
  void sweep() {
    blobs.sweep(retired);
    retired.clear();
  }

  /** The newest version. */
  StoredModel newest() {
    return kept.lastEntry().getValue();
  }

  /** The best version by the validation metric; the newest while none has one. */
  StoredModel best() {
    StoredModel best =
        kept.get(MetricRest.best(metric, models).map(ModelVersion::version).orElse(-1));
    return best == null ? newest() : best;
  }

  /** True if a site may fetch the chunk: it belongs to a version that is kept. */
  boolean serves(Digest chunk) {
    return served.contains(chunk);
  }

  private void take(StoredModel model) {
    models = with(models, model.version());
    kept.put(model.version().version(), model);
    blobs.hold(model.blobs());
    prune();
  }

  private void prune() {
    Set<Integer> keep = new LinkedHashSet<>(needed.get());
    keep.add(newest().version().version());
    Integer before = kept.lowerKey(kept.lastKey());
    if (before != null) {
      keep.add(before);
    }
    keep.add(best().version().version());
    for (Map.Entry<Integer, StoredModel> old : new TreeMap<>(kept).entrySet()) {
      if (!keep.contains(old.getKey())) {
        kept.remove(old.getKey());
        letGo(old.getValue());
      }
    }
    served =
        kept.values().stream()
            .flatMap(version -> version.blobs().stream())
            .collect(Collectors.toUnmodifiableSet());
  }

  /** Removal waits for {@link #sweep}: while reading, other holders may not have spoken yet. */
  private void letGo(StoredModel model) {
    blobs.unhold(model.blobs());
    retired.addAll(model.blobs());
  }

  private static void model(StateWriter out, StoredModel model) {
    Fields.version(out, model.version());
    Fields.model(out, model.reference());
  }

  private static <T> List<T> with(List<T> list, T item) {
    List<T> longer = new ArrayList<>(list);
    longer.add(item);
    return List.copyOf(longer);
  }
}
