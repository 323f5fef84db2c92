// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.models;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.fedwerk.api.Digest;
import org.fedwerk.api.coordinator.ModelRegistry.Change;
import org.fedwerk.api.coordinator.ModelRegistry.State;
import org.jspecify.annotations.Nullable;

/** What the steps add up to. Each is taken once, in the order of its journal. */
public final class Lifecycle {
  private final TreeMap<Integer, Entry> entries = new TreeMap<>();
  private @Nullable Integer active;
  private @Nullable Integer before;
  private @Nullable Going going;
  private long revision;
  private String takenBack = "";

  /**
   * A version.
   *
   * @param changes its steps, oldest first
   */
  public record Entry(int version, Digest digest, State state, List<Change> changes, String card) {
    Entry to(State next, Step step) {
      List<Change> more = new ArrayList<>(changes);
      more.add(new Change(next, step.by(), step.why(), step.at()));
      return new Entry(version, digest, next, List.copyOf(more), card);
    }
  }

  /**
   * A rollout under way.
   *
   * @param wave the wave that runs, from 1
   * @param waves sites of all waves
   * @param passed true if its gate was passed
   * @param by who promoted the version
   * @param revisions of each wave that began: its sites follow once they know it
   */
  public record Going(
      int version,
      int wave,
      List<List<String>> waves,
      boolean passed,
      String by,
      List<Long> revisions) {
    /** The wave of a site, from 1; 0 if it is in none. */
    public int waveOf(String site) {
      for (int i = 0; i < waves.size(); i++) {
        if (waves.get(i).contains(site)) {
          return i + 1;
        }
      }
      return 0;
    }

    /** True if the site's wave has begun. */
    public boolean reached(String site) {
      int of = waveOf(site);
      return of > 0 && of <= wave;
    }

    /** Sites whose wave has begun, in the order of waves. */
    public List<String> reached() {
      return waves.stream().limit(wave).flatMap(List::stream).toList();
    }

    /** From which revision on a site of a wave that began knows its assignment. */
    public long revision(String site) {
      return revisions.get(waveOf(site) - 1);
    }

    /** True if no wave comes after it. */
    public boolean isLast() {
      return wave == waves.size();
    }
  }

  /**
   * Takes a step.
   *
   * @param sequence of its record; assignments grow with it
   */
  public void take(long sequence, Step step) {
    int version = step.version();
    boolean decides = !(step instanceof Step.Added);
    takenBack = decides ? "" : takenBack;
    if (step instanceof Step.Added added) {
      Change made = new Change(State.CANDIDATE, step.by(), step.why(), step.at());
      entries.put(
          version,
          new Entry(version, added.digest(), State.CANDIDATE, List.of(made), added.card()));
    } else if (step instanceof Step.Approved) {
      move(version, State.APPROVED, step);
    } else if (step instanceof Step.Activated) {
      activate(version, step);
      revision = sequence;
    } else if (step instanceof Step.Retired) {
      move(version, State.RETIRED, step);
    } else if (step instanceof Step.WaveBegan began) {
      Going now = going;
      List<Long> revisions = new ArrayList<>(now == null ? List.of() : now.revisions());
      revisions.add(sequence);
      String by = now == null ? began.by() : now.by();
      going = new Going(version, began.wave(), began.waves(), false, by, List.copyOf(revisions));
      revision = sequence;
    } else if (step instanceof Step.GatePassed) {
      Going now = required();
      going = new Going(version, now.wave(), now.waves(), true, now.by(), now.revisions());
    } else if (step instanceof Step.RolledBack back) {
      rollBack(back);
      revision = sequence;
    }
  }

  private void move(int version, State state, Step step) {
    entries.computeIfPresent(version, (v, entry) -> entry.to(state, step));
  }

  private void activate(int version, Step step) {
    Integer old = active;
    going = null;
    if (old != null && old != version) {
      retired(old, version, step, " is active");
      before = old;
    }
    active = version;
    move(version, State.ACTIVE, step);
    for (Entry entry : List.copyOf(entries.headMap(version).values())) {
      if (entry.state() == State.APPROVED) {
        retired(entry.version(), version, step, " went out instead");
      }
    }
  }

  private void retired(int version, int instead, Step step, String how) {
    move(
        version,
        State.RETIRED,
        new Step.Retired(version, step.by(), "version " + instead + how, step.at()));
  }

  private void rollBack(Step.RolledBack back) {
    going = null;
    if (back.by().equals(Deciders.GATE)) {
      takenBack = "version " + back.version() + " was taken back by the gate: " + back.why();
    }
    move(back.version(), State.RETIRED, back);
    Integer now = active;
    if (now != null && now == back.version()) {
      active = back.to().orElse(null);
      before = null;
      back.to().ifPresent(to -> move(to, State.ACTIVE, back));
    }
  }

  private Going required() {
    Going now = going;
    if (now == null) {
      throw new IllegalStateException(
          "a model journal passes a gate while nothing goes out; restore a backup");
    }
    return now;
  }

  /** All versions, oldest first. */
  public List<Entry> entries() {
    return List.copyOf(entries.values());
  }

  /** A version. */
  public Optional<Entry> entry(int version) {
    return Optional.ofNullable(entries.get(version));
  }

  /** What sites deploy that no rollout has reached. */
  public Optional<Integer> active() {
    return Optional.ofNullable(active);
  }

  /** What was active before. */
  public Optional<Integer> before() {
    return Optional.ofNullable(before);
  }

  /** The rollout under way. */
  public Optional<Going> going() {
    return Optional.ofNullable(going);
  }

  /** What the gate took back last and why, as long as nothing was decided since; empty else. */
  public String takenBack() {
    return takenBack;
  }

  /** What a site is to deploy. */
  public Optional<Integer> assigned(String site) {
    Going now = going;
    return now != null && now.reached(site) ? Optional.of(now.version()) : active();
  }

  /** Sequence of the newest step that changed what any site is to deploy; 0 before the first. */
  public long revision() {
    return revision;
  }

  /** Versions whose bytes sites may need: active, before it, going out, approved. */
  public Set<Integer> needed() {
    Set<Integer> needed = new TreeSet<>();
    active().ifPresent(needed::add);
    before().ifPresent(needed::add);
    going().ifPresent(now -> needed.add(now.version()));
    entries.values().stream()
        .filter(entry -> entry.state() == State.APPROVED)
        .forEach(entry -> needed.add(entry.version()));
    return needed;
  }
}
