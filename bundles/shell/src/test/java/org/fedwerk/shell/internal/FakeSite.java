// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.predict.DeploymentState;
import org.fedwerk.api.predict.LearningState;
import org.fedwerk.api.predict.Prediction;
import org.fedwerk.api.site.SiteAgent;

/** A site with two tasks. */
final class FakeSite implements SiteAgent {
  static final Digest DIGEST = Digest.of(new byte[] {1});

  final List<String> decisions = new ArrayList<>();
  String purpose = "finds bad parts";

  @Override
  public List<TaskView> tasks() {
    return List.of(
        view("milling", "waiting", "waits for the approval of the site's owner", Optional.empty()),
        view("hydraulic", "approved", "", Optional.of(DIGEST)));
  }

  private TaskView view(String name, String approval, String reason, Optional<Digest> deployed) {
    return new TaskView(
        name,
        DIGEST,
        "quality",
        purpose,
        approval,
        reason,
        LearningState.READY,
        DeploymentState.ACTIVE,
        3,
        deployed,
        1,
        60,
        20,
        20);
  }

  @Override
  public void approve(String task, String by) throws RefusedException {
    decide("approve", task, by);
  }

  @Override
  public void decline(String task, String by) throws RefusedException {
    decide("decline", task, by);
  }

  private void decide(String what, String task, String by) throws RefusedException {
    if (task.equals("unknown")) {
      throw new RefusedException("task", "this site knows no task \"unknown\"");
    }
    decisions.add(what + " " + task + " by " + by);
  }

  @Override
  public List<EgressRecord> egress(int most) {
    List<EgressRecord> all =
        List.of(
            new EgressRecord(
                2, Instant.EPOCH, "milling", "manifest", "reply 1/0", 900, false, "not approved"),
            new EgressRecord(1, Instant.EPOCH, "", "sync", "says where it stands", 300, true, ""));
    return all.subList(0, Math.min(most, 2));
  }

  @Override
  public Optional<Prediction> newest(String task) {
    return Optional.empty();
  }

  @Override
  public List<UsedExample> used(String task, String request) throws RefusedException {
    if (!request.equals("train")) {
      throw new RefusedException("request", "this site has not done a \"" + request + "\"");
    }
    return List.of(new UsedExample("S-1", 2, DataRole.TRAIN));
  }

  @Override
  public long predictions() {
    return 17;
  }
}
