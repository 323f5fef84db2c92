// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.state;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.fedwerk.api.Digest;
import org.fedwerk.api.coordinator.Coordination.RoundRecord;
import org.fedwerk.api.model.ModelVersion;
import org.fedwerk.api.site.SiteAgent.TaskView;
import org.fedwerk.coordinator.internal.Snapshot.TaskFacts;
import org.fedwerk.sim.fault.VirtualFederation;

/** The disks of a whole federation in one file, and what can be said of the state on them. */
final class KeptState {
  private KeptState() {}

  static void save(VirtualFederation federation, OutputStream to) throws IOException {
    try (DataOutputStream out = new DataOutputStream(new GZIPOutputStream(to))) {
      for (String id : federation.ids()) {
        federation.disk(id).save(out);
      }
    }
  }

  static void load(InputStream from, VirtualFederation federation) throws IOException {
    try (DataInputStream in = new DataInputStream(new GZIPInputStream(from))) {
      for (String id : federation.ids()) {
        federation.disk(id).load(in);
      }
    }
  }

  /** Models, rounds and deployments with their digests, a line each. */
  static List<String> facts(VirtualFederation federation) {
    List<String> facts = new ArrayList<>();
    for (TaskFacts task : federation.tasks()) {
      facts.add("task " + task.run().name() + " is " + task.run().state());
      for (ModelVersion model : task.models()) {
        facts.add(
            "model "
                + model.version()
                + " "
                + model.digest().hex()
                + " of "
                + model.contributors()
                + " "
                + model.weights());
      }
      if (task.rollout().isPresent()) {
        task.versions()
            .forEach(
                version ->
                    facts.add(
                        "version " + version.model().version() + " is " + version.state().word()));
      }
      for (RoundRecord round : task.rounds()) {
        facts.add("round " + round.round() + " " + round.protocol() + " " + round.model().hex());
      }
    }
    federation
        .sites()
        .forEach(
            (site, views) -> {
              for (TaskView view : views) {
                facts.add(
                    "site "
                        + site
                        + " "
                        + view.approval()
                        + " runs "
                        + view.deployed().map(Digest::hex).orElse("-"));
              }
            });
    return facts;
  }
}
