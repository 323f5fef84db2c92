// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.coordinator;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.model.ModelVersion;
import org.jspecify.annotations.Nullable;

/**
 * The coordinator's models: how far each version got, who let it, and how it goes out to the sites.
 * Implemented by the coordinator room. Any thread may call. A task is named by its name, or by at
 * least 6 digits of its digest; every call refuses one that is not here. What a person orders is on
 * record, with who, before anything comes of it.
 */
public interface ModelRegistry {
  /** All versions of a task, oldest first. */
  List<Version> versions(String task) throws RefusedException;

  /**
   * Approves a candidate.
   *
   * @param by who, for the record
   */
  void approve(String task, int version, String by) throws RefusedException;

  /** Lets an approved version, or a retired one whose bytes are kept, go out to the sites. */
  void promote(String task, int version, String by) throws RefusedException;

  /** Takes a candidate or an approved version out of the choice. */
  void retire(String task, int version, String by, String reason) throws RefusedException;

  /** Lets a rollout pass the gate that it waits for. */
  void pass(String task, String by, String reason) throws RefusedException;

  /**
   * Takes a rollout back; if there is none, goes back at all sites from the active version to the
   * one before.
   */
  void back(String task, String by, String reason) throws RefusedException;

  /** How versions go out, site by site; empty for a task that promotes nothing. */
  Optional<Rollout> rollout(String task) throws RefusedException;

  /** How far a version got. */
  enum State {
    /** Committed by a round. */
    CANDIDATE,
    /** Good enough for the rule or for a person. */
    APPROVED,
    /** What the sites deploy. */
    ACTIVE,
    /** Deployed no more, or never. */
    RETIRED;

    /** In lower case. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A step of a version.
   *
   * @param state what it came to
   * @param by who or what decided: a person, {@code the task's rounds}, {@code the rule}, {@code
   *     the gate}
   * @param why in words; may be empty
   * @param time wall clock, for people
   */
  record Change(State state, String by, String why, Instant time) {}

  /**
   * A version.
   *
   * @param model digest, what it was made from, by whom with what weight
   * @param state how far it got
   * @param changes its steps, oldest first
   * @param kept true while its bytes are kept, so that sites can fetch them
   * @param metrics of the round that made it
   * @param sites per site the rule's or the task's metric on its validation examples, as long as
   *     the bytes are kept; the card has them for ever
   * @param note why the rule does not approve it; empty else
   * @param card what the coordinator knows of it, as a short document
   */
  record Version(
      ModelVersion model,
      State state,
      List<Change> changes,
      boolean kept,
      Map<String, Double> metrics,
      Map<String, Double> sites,
      String note,
      String card) {}

  /**
   * How versions go out.
   *
   * @param active what sites without a wave of the rollout deploy; null for nothing
   * @param version what goes out; null if nothing does
   * @param wave the wave that runs, from 1; 0 if nothing goes out
   * @param waves how many there are
   * @param waitsFor what the gate waits for; empty if nothing goes out
   * @param takenBack what the gate took back last and why, as long as nothing was decided since;
   *     empty else
   * @param stands each site
   */
  record Rollout(
      @Nullable Integer active,
      @Nullable Integer version,
      int wave,
      int waves,
      String waitsFor,
      String takenBack,
      List<Stand> stands) {}

  /**
   * Where a site stands.
   *
   * @param site its id
   * @param wave its wave of the rollout; 0 if it is in none
   * @param assigned the version it is to deploy; null for none
   * @param running the version that it last said it predicts with; null if it did not say
   * @param held true if its owner holds that version
   * @param predictions that it made with it
   * @param failures parts that it could not predict with it
   * @param alarmRate share of alarms; NaN if it is not known
   * @param latencyP99 in seconds; NaN if it is not known
   * @param waitsFor what the gate wants of it; empty if nothing
   */
  record Stand(
      String site,
      int wave,
      @Nullable Integer assigned,
      @Nullable Integer running,
      boolean held,
      long predictions,
      long failures,
      double alarmRate,
      double latencyP99,
      String waitsFor) {}
}
