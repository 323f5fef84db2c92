// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.fedwerk.api.Digest;
import org.fedwerk.api.learn.Normalisation;
import org.fedwerk.api.store.Journal;
import org.fedwerk.site.internal.Standing.Held;
import org.fedwerk.site.internal.Standing.What;
import org.jspecify.annotations.Nullable;

/**
 * How each task stands, and the normalisations that were fitted for it, in the journal {@code
 * site/deployments}. Not thread-safe.
 */
final class StandingBook {
  private static final int COMPACTED_EVERY = 1000;

  private final Journal journal;
  private final Map<Digest, TreeMap<Integer, Normalisation>> locals = new HashMap<>();
  private final Map<Digest, Standing> standings = new HashMap<>();

  /** Reads what is on disk. */
  StandingBook(Journal journal) {
    this.journal = journal;
    journal.replay(
        journal.first(),
        (sequence, bytes) -> apply(new StateReader(DeploymentRecords.NAME, bytes)));
  }

  private void apply(StateReader record) {
    Digest task = record.digest();
    switch (record.type()) {
      case DeploymentRecords.NORMALISED -> {
        int revision = record.integer();
        locals
            .computeIfAbsent(task, t -> new TreeMap<>())
            .put(revision, DeploymentRecords.normalisation(record));
      }
      case DeploymentRecords.DEPLOYED -> {
        Held held = new Held(DeploymentRecords.model(record), newestRevision(task));
        standings.put(task, of(task).switched(held, What.DEPLOYED, Instant.EPOCH, ""));
      }
      case DeploymentRecords.STANDING -> standings.put(task, DeploymentRecords.standing(record));
      case DeploymentRecords.RETIRED -> standings.remove(task);
      default ->
          throw new IllegalStateException(
              "journal "
                  + DeploymentRecords.NAME
                  + " holds a record of unknown type "
                  + record.type()
                  + "; start the newer program again or restore a backup");
    }
  }

  /** The tasks that have a standing; a copy. */
  List<Digest> tasks() {
    return List.copyOf(standings.keySet());
  }

  /** How a task stands. */
  Standing of(Digest task) {
    return standings.getOrDefault(task, Standing.NONE);
  }

  /** The newest local revision of a task; 0 before the first. */
  int newestRevision(Digest task) {
    return locals(task).isEmpty() ? 0 : locals(task).lastKey();
  }

  /** The normalisation of a local revision. */
  Optional<Normalisation> normalisation(Digest task, int revision) {
    return Optional.ofNullable(locals(task).get(revision));
  }

  private TreeMap<Integer, Normalisation> locals(Digest task) {
    return locals.getOrDefault(task, new TreeMap<>());
  }

  /** Keeps a fitted normalisation as the next local revision. */
  void normalise(Digest task, Normalisation fitted) {
    int revision = newestRevision(task) + 1;
    journal.append(DeploymentRecords.normalised(task, revision, fitted));
    journal.force();
    locals.computeIfAbsent(task, t -> new TreeMap<>()).put(revision, fitted);
  }

  /** Forces how a task stands to the disk. */
  void keep(Digest task, Standing standing) {
    long sequence = journal.append(DeploymentRecords.standing(task, standing));
    journal.force();
    standings.put(task, standing);
    compact(sequence);
  }

  /** Takes something else for how a task stands, without a record. */
  void assume(Digest task, Standing standing) {
    standings.put(task, standing);
  }

  /** Another task has taken the place of this one. */
  void retire(Digest task) {
    journal.append(DeploymentRecords.retired(task));
    standings.remove(task);
  }

  /** From time to time the state is written anew, so that old files can go. */
  private void compact(long sequence) {
    if (sequence % COMPACTED_EVERY != 0) {
      return;
    }
    locals.forEach(
        (task, revisions) -> {
          Standing standing = of(task);
          revisions
              .headMap(revisions.lastKey())
              .keySet()
              .removeIf(old -> !uses(standing.active(), old) && !uses(standing.previous(), old));
          revisions.forEach(
              (revision, fitted) ->
                  journal.append(DeploymentRecords.normalised(task, revision, fitted)));
        });
    standings.forEach(
        (task, standing) -> journal.append(DeploymentRecords.standing(task, standing)));
    journal.force();
    journal.dropBefore(sequence);
  }

  private static boolean uses(@Nullable Held held, int revision) {
    return held != null && held.localRevision() == revision;
  }

  /** What the models consist of that tasks run or may go back to. */
  Set<Digest> blobs() {
    return standings.values().stream()
        .flatMap(Standing::held)
        .flatMap(each -> each.model().parameters().blobs().stream())
        .collect(Collectors.toUnmodifiableSet());
  }
}
