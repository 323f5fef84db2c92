// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.registry;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
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
import org.fedwerk.api.learn.Evaluation;
import org.fedwerk.api.model.ModelVersion;
import org.fedwerk.api.store.Journal;
import org.fedwerk.coordinator.internal.blobs.BlobKeeper;
import org.fedwerk.coordinator.internal.bytes.Fields;
import org.fedwerk.coordinator.internal.bytes.StateReader;
import org.fedwerk.coordinator.internal.bytes.StateWriter;

/**
 * A task's model versions and run history. A round and the model it made are one record, so that
 * there is never one without the other. The bytes of the newest two versions and of the best are
 * kept, and those that sites are to deploy or may be; others go. The evaluations of all sites in
 * all rounds are on disk only: with many sites they are more than the models.
 */
public final class Registry {
  private static final int INITIAL = 1;
  private static final int ROUND = 2;

  private final String metric;
  private final Journal journal;
  private final BlobKeeper.Holder blobs;
  private final Supplier<Set<Integer>> needed;
  private final TreeMap<Integer, StoredModel> kept = new TreeMap<>();
  private final Map<Integer, RoundRecord> judged = new HashMap<>();
  private final Set<Digest> retired = new LinkedHashSet<>();
  private Set<Digest> served = Set.of();
  private List<ModelVersion> models = List.of();
  private List<RoundRecord> rounds = List.of();

  /** First version of those that were made since the task began, or went on after an end. */
  private int first;

  /** True if the newest round made no model: it was the task's last, unless the task goes on. */
  private boolean ended;

  /**
   * Reads what is there and holds the blobs of the versions kept.
   *
   * @param needed versions whose bytes are kept besides
   */
  public Registry(
      String metric, Journal journal, BlobKeeper.Holder blobs, Supplier<Set<Integer>> needed) {
    this.metric = metric;
    this.journal = journal;
    this.blobs = blobs;
    this.needed = needed;
    journal.replay(
        journal.first(),
        (sequence, bytes) -> {
          StateReader in = new StateReader("a run history", bytes);
          Optional<RoundRecord> round = Optional.empty();
          if (in.type() == ROUND) {
            round = Optional.of(HistoryCodec.decode(in));
            rounds = with(rounds, bare(round.get()));
          }
          Optional<StoredModel> made =
              in.maybe(from -> new StoredModel(Fields.version(from), Fields.model(from)))
                  .map(
                      model ->
                          model.with(
                              Fields.sections(in),
                              Fields.change(in),
                              Fields.statistics(in),
                              Fields.labelsBySite(in)));
          if (made.isPresent()) {
            round.ifPresent(by -> judged.put(made.get().version().version(), slim(by)));
            take(made.get());
          } else {
            ended = true;
          }
        });
  }

  /** All versions, oldest first. */
  public List<ModelVersion> models() {
    return models;
  }

  /** The sites that had a part in any version, each with the newest of those. */
  public Map<String, Integer> contributed() {
    Map<String, Integer> newest = new TreeMap<>();
    for (ModelVersion model : models) {
      for (String contributor : model.contributors()) {
        newest.merge(ModelVersion.site(contributor), model.version(), Math::max);
      }
    }
    return newest;
  }

  /** Committed rounds without their evaluations, oldest first. */
  public List<RoundRecord> rounds() {
    return rounds;
  }

  /** Committed rounds as they are on disk, oldest first. Any thread may call. */
  public List<RoundRecord> history() {
    List<RoundRecord> history = new ArrayList<>();
    journal.replay(
        journal.first(),
        (sequence, bytes) -> {
          StateReader in = new StateReader("a run history", bytes);
          if (in.type() == ROUND) {
            history.add(HistoryCodec.decode(in));
          }
        });
    return history;
  }

  private static RoundRecord bare(RoundRecord round) {
    return with(round, Map.of());
  }

  /** With evaluations, but without their histograms, which are most of them. */
  private static RoundRecord slim(RoundRecord round) {
    Map<String, Evaluation> slim = new LinkedHashMap<>();
    round
        .evaluations()
        .forEach(
            (site, each) ->
                slim.put(
                    site,
                    new Evaluation(
                        each.count(),
                        each.lossSum(),
                        each.confusion(),
                        new long[2][0],
                        each.labels(),
                        each.errors())));
    return with(round, slim);
  }

  private static RoundRecord with(RoundRecord round, Map<String, Evaluation> evaluations) {
    return new RoundRecord(
        round.task(),
        round.round(),
        round.attempt(),
        round.protocol(),
        round.model(),
        round.seed(),
        round.cohort(),
        round.missing(),
        round.metrics(),
        evaluations,
        round.bytesDown(),
        round.bytesUp(),
        round.started(),
        round.duration());
  }

  /** The round's record if it is committed. */
  public Optional<RoundRecord> round(int number) {
    return rounds.stream().filter(round -> round.round() == number).findFirst();
  }

  /** Keeps a version that no round here made; its chunks are held already. */
  public void begin(StoredModel initial) {
    StateWriter out = new StateWriter(INITIAL).maybe(Optional.of(initial), Registry::model);
    Fields.sections(out, initial.state());
    Fields.change(out, initial.reference().change());
    journal.append(Fields.statistics(out, initial.reference().statistics()).record());
    journal.force();
    take(initial);
    blobs.release(initial.blobs());
  }

  /** Keeps a version that sites have and this registry has lost; its chunks are held already. */
  public void adopt(StoredModel lost) {
    begin(lost);
    sweep();
  }

  /** Keeps a round's result. */
  public void commit(RoundRecord round, Optional<StoredModel> made) {
    StateWriter out = new StateWriter(ROUND);
    HistoryCodec.encode(out, round);
    out.maybe(made, Registry::model);
    Fields.sections(out, made.map(StoredModel::state).orElse(List.of()));
    Fields.change(out, made.flatMap(model -> model.reference().change()));
    Fields.statistics(out, made.map(model -> model.reference().statistics()).orElse(List.of()));
    Fields.labelsBySite(out, made.map(StoredModel::labels).orElse(Map.of()));
    journal.append(out.record());
    journal.force();
    rounds = with(rounds, bare(round));
    ended |= made.isEmpty();
    made.ifPresent(
        model -> {
          judged.put(model.version().version(), slim(round));
          take(model);
        });
    sweep();
  }

  /**
   * The round that made a version, with its evaluations but without their histograms as long as the
   * version's bytes are kept, and without evaluations then.
   */
  public Optional<RoundRecord> made(int version) {
    RoundRecord whole = judged.get(version);
    return whole == null ? round(version) : Optional.of(whole);
  }

  /** A version whose bytes are kept. */
  public Optional<StoredModel> find(int version) {
    return Optional.ofNullable(kept.get(version));
  }

  /** Other versions are needed now. */
  public void needsChanged() {
    prune();
    sweep();
  }

  /** Removes the bytes of versions that are not kept. */
  public void sweep() {
    blobs.sweep(retired);
    retired.clear();
  }

  /** The newest version. */
  public StoredModel newest() {
    return kept.lastEntry().getValue();
  }

  /**
   * The best version by the validation metric; the newest while none has one. Of a task that went
   * on after an end those from before count no more: they were judged by examples of then.
   */
  public StoredModel best() {
    StoredModel best =
        kept.get(MetricRest.best(metric, sinceBegin()).map(ModelVersion::version).orElse(-1));
    return best == null ? newest() : best;
  }

  /** What the next round starts from: the newest version, or after an end the best. */
  public StoredModel base() {
    return ended ? best() : newest();
  }

  /** Versions made since the task began, or went on after an end; oldest first. */
  public List<ModelVersion> sinceBegin() {
    return models.stream().filter(model -> model.version() >= first).toList();
  }

  /** The number before the first of them; 0 if the task never went on after an end. */
  public int before() {
    return Math.max(0, first - 1);
  }

  /** True if a site may fetch the chunk: it belongs to a version that is kept. */
  public boolean serves(Digest chunk) {
    return served.contains(chunk);
  }

  private void take(StoredModel model) {
    if (ended) {
      first = model.version().version();
      ended = false;
    }
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
    judged.keySet().retainAll(kept.keySet());
    served =
        kept.values().stream()
            .flatMap(version -> version.served().stream())
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
