// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.coordinator;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.learn.Evaluation;
import org.fedwerk.api.model.ModelVersion;

/**
 * What the coordinator's operator can see and do. Implemented by the coordinator room. Any thread
 * may call.
 */
public interface Coordination {
  /**
   * Checks a task without submitting it.
   *
   * @return layout, bytes per round and what it will ask of sites, for people
   * @throws RefusedException with every refusal
   */
  DryRun dryRun(String yaml) throws RefusedException;

  /** Submits a task and offers it to all sites. @return its digest */
  Digest submit(String yaml) throws RefusedException;

  /**
   * Lets a task rest: the open phase may be finished, nothing new begins.
   *
   * @param task name, or at least 6 digits of the digest
   * @param by who orders it, for the record and for the sites
   * @throws RefusedException if no task or several are meant, or if its state does not allow it,
   *     with what can be done instead
   */
  void pause(String task, String by) throws RefusedException;

  /** Lets a paused task go on. */
  void resume(String task, String by) throws RefusedException;

  /**
   * Ends a task. Committed models stay.
   *
   * @param reason why, in words for the sites' owners; may be empty
   */
  void abort(String task, String by, String reason) throws RefusedException;

  /** Lets a failed or aborted task go on with its next attempt, from the newest committed model. */
  void retry(String task, String by) throws RefusedException;

  /** What was ordered of a task, oldest first. */
  List<Act> acts(String task) throws RefusedException;

  /** The sites known, by id. */
  List<SiteView> sites();

  /** All tasks. */
  List<TaskRun> tasks();

  /**
   * Committed rounds of a task, oldest first: the run history.
   *
   * @param task name, or at least 6 digits of the digest
   */
  List<RoundRecord> rounds(String task) throws RefusedException;

  /** Model versions of a task, oldest first. */
  List<ModelVersion> models(String task) throws RefusedException;

  /** What a submission would mean. */
  record DryRun(
      Digest digest,
      String layout,
      int parameters,
      long bytesDown,
      long bytesUp,
      List<String> notes) {}

  /**
   * A site as the coordinator sees it.
   *
   * @param id its id
   * @param keyId fingerprint of its certificate
   * @param connected advice from the last sign of life
   * @param lastSeen time since the last message; empty if none since start
   * @param software its version; empty if not known
   * @param tasks per task name: what it said of it
   */
  record SiteView(
      String id,
      String keyId,
      boolean connected,
      Optional<Duration> lastSeen,
      String software,
      Map<String, String> tasks) {}

  /**
   * A task at the coordinator.
   *
   * @param name name
   * @param digest digest
   * @param state {@code waiting for sites}, {@code running}, {@code paused}, {@code finished},
   *     {@code failed}, {@code aborted}
   * @param round the current or last round
   * @param phase name of the current phase; empty if none
   * @param waitingFor site ids whose answer is missing, each with what it was last seen doing
   * @param model newest committed model
   * @param note who paused or aborted it, or why it or its last attempt failed; empty else
   */
  record TaskRun(
      String name,
      Digest digest,
      String state,
      int round,
      String phase,
      Map<String, String> waitingFor,
      Optional<ModelVersion> model,
      String note) {}

  /**
   * An order of a person.
   *
   * @param round the round that it met
   * @param attempt its attempt
   * @param what {@code paused}, {@code resumed}, {@code aborted} or {@code tried again}
   * @param by who gave it
   * @param time wall clock, for people
   * @param reason why, of an abort; empty else
   */
  record Act(int round, int attempt, String what, String by, Instant time, String reason) {}

  /**
   * One committed round.
   *
   * @param task digest of the task
   * @param round from 1
   * @param attempt which attempt succeeded
   * @param protocol name of its protocol: {@code train}, {@code contribution} or {@code final}
   * @param model global digest it produced or judged
   * @param seed the task's seed
   * @param cohort sites chosen
   * @param missing sites of the cohort without a complete answer, with the reason
   * @param metrics names such as {@code validation.balanced-accuracy} (mean over sites), {@code
   *     train.loss}
   * @param evaluations per site, of the round's evaluation
   * @param bytesDown payload bytes sent to sites
   * @param bytesUp payload bytes received from sites
   * @param started wall clock, for people
   * @param duration announced to committed, monotonic clock
   */
  record RoundRecord(
      Digest task,
      int round,
      int attempt,
      String protocol,
      Digest model,
      long seed,
      List<String> cohort,
      Map<String, String> missing,
      Map<String, Double> metrics,
      Map<String, Evaluation> evaluations,
      long bytesDown,
      long bytesUp,
      Instant started,
      Duration duration) {}
}
