// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.site;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.predict.DeploymentState;
import org.fedwerk.api.predict.LearningState;
import org.fedwerk.api.predict.Prediction;
import org.jspecify.annotations.Nullable;

/** What the site's owner can see and decide. Implemented by the site room. Any thread may call. */
public interface SiteAgent {
  /** All tasks the site knows. */
  List<TaskView> tasks();

  /**
   * Approves a waiting task.
   *
   * @param task name, or at least 6 digits of the digest
   * @param by who approves, for the record
   * @throws RefusedException if none or several match
   */
  void approve(String task, String by) throws RefusedException;

  /** Says no to a task, or withdraws an approval; the site leaves. */
  void decline(String task, String by) throws RefusedException;

  /**
   * What happened to a task's deployment here, newest first: one row for each model that was
   * deployed and for each decision of a person. The newest 50 of the coordinator's plans are kept,
   * decisions all.
   *
   * @param task name, or at least 6 digits of the digest
   */
  List<ModelView> models(String task) throws RefusedException;

  /**
   * Goes back to the deployment before the active one and holds it until {@link #release}. The next
   * part is predicted with it.
   *
   * @param by who decides, for the record
   * @throws RefusedException if there is none
   */
  void rollBack(String task, String by) throws RefusedException;

  /**
   * Makes a loaded model the active deployment and holds it until {@link #release}: the site goes
   * on taking part in rounds, and later models are not deployed.
   *
   * @param model version, or at least 6 digits of the global digest, of the active or the previous
   *     deployment; null for the active one
   * @throws RefusedException if it is not loaded here
   */
  void pin(String task, @Nullable String model, String by) throws RefusedException;

  /**
   * Lets the next committed model be deployed again.
   *
   * @throws RefusedException if nobody holds the deployment
   */
  void release(String task, String by) throws RefusedException;

  /** What left the site, newest first. */
  List<EgressRecord> egress(int most);

  /** The newest prediction of a task. */
  Optional<Prediction> newest(String task);

  /**
   * The examples that the newest manifest of a request ({@code train}, {@code evaluate}, {@code
   * test}) of a task used.
   */
  List<UsedExample> used(String task, String request) throws RefusedException;

  /** Predictions made since start, over all tasks. */
  long predictions();

  /**
   * A task at this site.
   *
   * @param name its name
   * @param digest its digest
   * @param owner who answers for it
   * @param purpose what for
   * @param approval {@code waiting}, {@code approved}, {@code declined}, {@code refused}
   * @param reason why refused or not ready; empty else
   * @param learning learning state
   * @param deployment deployment state
   * @param round newest round seen
   * @param deployed global digest of the active deployment
   * @param localRevision its local revision
   * @param running the active deployment in words, with who holds it; empty if there is none
   * @param train training examples
   * @param validation validation examples
   * @param test test examples
   */
  record TaskView(
      String name,
      Digest digest,
      String owner,
      String purpose,
      String approval,
      String reason,
      LearningState learning,
      DeploymentState deployment,
      int round,
      Optional<Digest> deployed,
      int localRevision,
      String running,
      int train,
      int validation,
      int test) {}

  /**
   * One act on a task's deployment.
   *
   * @param version version of the model that ran afterwards
   * @param digest its global digest
   * @param localRevision its local revision
   * @param time wall clock, for people; empty if an older program did not write it down
   * @param act {@code deployed}, {@code rolled back}, {@code pinned}, {@code released}
   * @param by who; empty for the coordinator's plan
   * @param state in a model's newest row: {@code active}, {@code active, pinned}, {@code previous};
   *     empty else
   */
  record ModelView(
      int version,
      Digest digest,
      int localRevision,
      Optional<Instant> time,
      String act,
      String by,
      String state) {}

  /**
   * One passage through the egress gate.
   *
   * @param sequence from 1
   * @param time wall clock, for people
   * @param task name of the task; empty if about none
   * @param kind message kind
   * @param what what it was, for example {@code update round 3: delta 67652 values, train.loss}
   * @param bytes size
   * @param passed false if the gate refused it
   * @param reason why refused; empty else
   */
  record EgressRecord(
      long sequence,
      Instant time,
      String task,
      String kind,
      String what,
      long bytes,
      boolean passed,
      String reason) {}

  /** An example by name, empty for a deleted part, with what it was used as. */
  record UsedExample(String serial, int labelRevision, DataRole role) {}
}
