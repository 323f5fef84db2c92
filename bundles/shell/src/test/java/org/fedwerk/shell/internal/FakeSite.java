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
import org.jspecify.annotations.Nullable;

/** A site with two tasks. */
final class FakeSite implements SiteAgent {
  static final Digest DIGEST = Digest.of(new byte[] {1});

  private static final Digest MILLING = Digest.of(new byte[] {2});

  final List<String> decisions = new ArrayList<>();
  String purpose = "finds bad parts";

  @Override
  public List<TaskView> tasks() {
    return List.of(
        view("milling", "waiting", "waits for the approval of the site's owner", Optional.empty()),
        view("hydraulic", "approved", "", Optional.of(DIGEST)));
  }

  @Override
  public List<ModelView> models(String task) throws RefusedException {
    if (task.equals("unknown")) {
      throw new RefusedException("task", "this site knows no task \"unknown\"");
    }
    if (task.equals("milling") || task.equals(MILLING.hex())) {
      return List.of();
    }
    return List.of(
        new ModelView(
            7, DIGEST, 1, Optional.of(Instant.EPOCH), "rolled back", "ann", "active, pinned"),
        new ModelView(8, MILLING, 1, Optional.empty(), "deployed", "", "previous"));
  }

  @Override
  public void rollBack(String task, String by) throws RefusedException {
    decide("roll back", task, by);
  }

  @Override
  public void pin(String task, @Nullable String model, String by) throws RefusedException {
    decide("pin " + model + " of", task, by);
  }

  @Override
  public void release(String task, String by) throws RefusedException {
    decide("release", task, by);
  }

  private TaskView view(String name, String approval, String reason, Optional<Digest> deployed) {
    return new TaskView(
        name,
        name.equals("milling") ? MILLING : DIGEST,
        "quality",
        purpose,
        approval,
        reason,
        LearningState.READY,
        DeploymentState.ACTIVE,
        3,
        deployed,
        1,
        deployed.isPresent() ? "model version 7, pinned by ann" : "",
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
