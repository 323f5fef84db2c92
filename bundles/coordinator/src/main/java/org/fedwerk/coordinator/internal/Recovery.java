// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.ModelReference;
import org.fedwerk.api.model.GlobalDigest;
import org.fedwerk.api.model.ModelVersion;
import org.fedwerk.coordinator.internal.registry.StoredModel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a coordinator that was restored from a backup does about a task before it goes on: it asks
 * the sites which model they run. A later one than the backup holds is adopted if at least two
 * sites offer it and none offers another of that version; else a person is asked. Nothing is told
 * to sites meanwhile but the task itself, so that none goes back to an older model. Runner thread
 * only.
 */
final class Recovery {
  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
  private static final int FETCHED_AT_ONCE = 32;
  private static final int SITES_LEAST = 2;
  private static final long ASK_AGAIN_NANOS = Duration.ofSeconds(10).toNanos();

  private final TaskRunner runner;
  private final long began;
  private final Set<String> heard = new TreeSet<>();

  /** Sites that run a model which the backup lacks, and have not sent what it is made of. */
  private final Set<String> unaware = new TreeSet<>();

  private final Map<String, ModelReference> offers = new TreeMap<>();
  private final List<String> givers = new ArrayList<>();
  private final Set<Digest> wanted = new LinkedHashSet<>();
  private final Set<Digest> kept = new HashSet<>();
  private Optional<ModelReference> lost = Optional.empty();
  private String question = "";
  private long asked;
  private long offered;
  private boolean open = true;

  Recovery(TaskRunner runner) {
    this.runner = runner;
    began = runner.now();
    offered = began;
  }

  /** True until it is known how to go on. */
  boolean isOpen() {
    return open;
  }

  /**
   * A site said where it stands; without a standing it does not know the task.
   *
   * @return false if it runs a model that the backup lacks and does not offer it, as a site does
   *     that connected before it heard of the later epoch
   */
  boolean heard(String site, Optional<Body.TaskStanding> standing) {
    Optional<ModelReference> offer = standing.map(Body.TaskStanding::model);
    Optional<Digest> runs = standing.map(Body.TaskStanding::deployed);
    if (offer.isEmpty() && runs.isPresent() && !isHeld(runs.get())) {
      ModelReference before = offers.get(site);
      if (before == null || !before.digest().equals(runs.get())) {
        offers.remove(site);
        heard.remove(site);
        unaware.add(site);
        decide();
        return false;
      }
      return true;
    }
    if (unaware.remove(site)) {
      question = "";
    }
    heard.add(site);
    offers.remove(site);
    offer.ifPresent(model -> offers.put(site, model));
    decide();
    return true;
  }

  private boolean isHeld(Digest model) {
    return runner.registry().models().stream().anyMatch(each -> each.digest().equals(model));
  }

  /** Time went on. */
  void tick() {
    long now = runner.now();
    if (lost.isEmpty()) {
      decide();
    } else if (now - asked >= runner.services().patience().nanos(givers.get(0), false)) {
      givers.add(givers.remove(0));
      ask();
    }
  }

  /**
   * True if it is time to offer the task again, which makes a site say which model it runs: one of
   * them has not said it, or what it said was lost.
   */
  boolean asksAgain() {
    long now = runner.now();
    Set<String> missing = missing();
    missing.addAll(unaware);
    long patience =
        missing.stream()
            .mapToLong(site -> runner.services().patience().nanos(site, false))
            .reduce(ASK_AGAIN_NANOS, Math::max);
    boolean again = open && lost.isEmpty() && !missing.isEmpty() && now - offered >= patience;
    offered = again ? now : offered;
    return again;
  }

  /** Sites that take part and have not said which model they run. */
  private Set<String> missing() {
    Set<String> missing = new TreeSet<>(runner.round().heard().keySet());
    missing.addAll(runner.round().cohort());
    missing.removeAll(heard);
    return missing;
  }

  /** A person says: go on with what the backup holds. */
  void proceed() {
    LOG.info("task {}: goes on with what the backup holds, as a person said", runner.name());
    runner.blobs().release(kept);
    open = false;
  }

  private void decide() {
    boolean isPatient = runner.now() - began < runner.context().task().rounds().stall().toNanos();
    if (!open || lost.isPresent()) {
      return;
    }
    if (!isPatient && !unaware.isEmpty()) {
      question = "sites " + unaware + " run a model that the backup lacks, and have not sent it";
      return;
    }
    if (!isEverybodyHeard(isPatient)) {
      return;
    }
    int newest = runner.registry().newest().version().version();
    int latest = offers.values().stream().mapToInt(ModelReference::version).max().orElse(newest);
    if (latest <= newest) {
      LOG.info("task {}: no site has a later model than the backup", runner.name());
      open = false;
      return;
    }
    Map<Digest, List<String>> givers =
        offers.entrySet().stream()
            .filter(offer -> offer.getValue().version() == latest)
            .collect(
                Collectors.groupingBy(
                    offer -> offer.getValue().digest(),
                    TreeMap::new,
                    Collectors.mapping(Map.Entry::getKey, Collectors.toList())));
    List<String> first = givers.values().iterator().next();
    if (givers.size() > 1 || first.size() < SITES_LEAST) {
      question =
          "sites run a later model than the backup, and it is not adopted unless two sites or more"
              + " offer it and none another: version "
              + latest
              + " is "
              + givers;
      return;
    }
    lost = Optional.ofNullable(offers.get(first.get(0)));
    this.givers.addAll(first);
    want();
  }

  private boolean isEverybodyHeard(boolean isPatient) {
    return !heard.isEmpty() && (!isPatient || missing().isEmpty());
  }

  /**
   * Asks for the pieces of the list, then for the chunks; with all of them the model is checked.
   */
  private void want() {
    ModelReference model = lost.orElseThrow();
    try {
      Optional<ModelReference> read =
          model.parameters().read(runner.blobs().blobs()::get).map(model::with);
      wanted.clear();
      read.orElse(model).parameters().blobs().stream()
          .filter(blob -> !kept.contains(blob))
          .forEach(blob -> take(blob, runner.blobs().blobs().get(blob)));
      if (!wanted.isEmpty()) {
        ask();
      } else if (read.isPresent()) {
        adopt(read.get());
      }
    } catch (RefusedException malformed) {
      refuse("the list of its chunks cannot be read: " + malformed.getMessage());
    }
  }

  private void take(Digest blob, Optional<byte[]> here) {
    if (here.isPresent()) {
      kept.add(runner.blobs().put(here.get()));
    } else {
      wanted.add(blob);
    }
  }

  private void ask() {
    asked = runner.now();
    List<Digest> some = wanted.stream().limit(FETCHED_AT_ONCE).toList();
    runner.fetch(givers.get(0), some);
  }

  /** A chunk came; one that nobody asked for is dropped. */
  void chunk(byte[] bytes) {
    if (!wanted.remove(Digest.of(bytes))) {
      return;
    }
    kept.add(runner.blobs().put(bytes));
    if (wanted.isEmpty()) {
      want();
    } else if (wanted.size() % FETCHED_AT_ONCE == 0) {
      ask();
    }
  }

  private void adopt(ModelReference model) {
    TaskContext context = runner.context();
    if (!model.layout().equals(context.layout().digest())
        || model.parameters().size() != context.layout().size()) {
      refuse("it has another layout than the task");
      return;
    }
    float[] vector = runner.vector(model);
    if (!GlobalDigest.of(context.digest(), context.layout(), vector, model.statistics())
        .equals(model.digest())) {
      refuse("its parameters have another global digest than it is offered under");
      return;
    }
    open = false;
    String reason = "model version " + model.version() + " of sites " + givers + " is adopted";
    LOG.info("task {}: {}", runner.name(), reason);
    runner.services().audit().record(runner.name() + " restored from a backup: " + reason);
    runner.adopt(
        new StoredModel(
            new ModelVersion(
                context.digest(),
                model.version(),
                model.digest(),
                model.digest(),
                List.of(),
                List.of(),
                Double.NaN),
            model),
        reason);
  }

  private void refuse(String why) {
    question = "the later model that sites " + givers + " offer is not adopted: " + why;
    runner.blobs().release(kept);
    kept.clear();
    wanted.clear();
    offers.keySet().removeAll(givers);
    givers.clear();
    lost = Optional.empty();
  }

  /** Why the task does not go on, and what to do. */
  String words() {
    if (!question.isEmpty()) {
      return "restored from a backup; "
          + question
          + "; fedwerk:task-resume goes on with version "
          + runner.registry().newest().version().version();
    }
    if (lost.isPresent()) {
      return "restored from a backup; takes version "
          + lost.get().version()
          + " back from sites "
          + givers
          + ", "
          + wanted.size()
          + " chunks are missing";
    }
    return "restored from a backup; waits for sites "
        + missing()
        + " to say which model they run; fedwerk:task-resume goes on without asking";
  }
}
