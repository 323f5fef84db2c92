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
      int train,
      int validation,
      int test) {}

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

  /** An example by name, with what it was used as. */
  record UsedExample(String serial, int labelRevision, DataRole role) {}
}
