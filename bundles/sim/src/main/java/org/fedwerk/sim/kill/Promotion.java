// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.kill;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.fedwerk.api.Digest;
import org.fedwerk.api.coordinator.ModelRegistry.Change;
import org.fedwerk.api.coordinator.ModelRegistry.State;
import org.fedwerk.api.coordinator.ModelRegistry.Version;
import org.fedwerk.coordinator.internal.ModelOrder;
import org.fedwerk.coordinator.internal.Snapshot.TaskFacts;
import org.fedwerk.sim.fault.VirtualFederation;

/**
 * A person who sends versions out, and repeats each order until it is on record, while the sites
 * predict parts.
 */
final class Promotion {
  private static final Duration AGAIN = Duration.ofMillis(10);
  private static final Duration REPORTED = Duration.ofSeconds(6);
  private static final int ORDERS_MOST = 1000;
  private static final int PARTS_MOST = 50;

  /** Bytes of the newest two versions are kept whatever they are worth. */
  private static final int FIRST = 2;

  private static final int SECOND = 3;

  private final VirtualFederation federation;

  Promotion(VirtualFederation federation) {
    this.federation = federation;
  }

  void run() {
    insist(ModelOrder.Kind.APPROVE, FIRST, () -> count(FIRST, State.APPROVED) > 0);
    insist(ModelOrder.Kind.RETIRE, FIRST, () -> count(FIRST, State.RETIRED) > 0);
    insist(ModelOrder.Kind.PROMOTE, FIRST, () -> goesOut(FIRST));
    insist(ModelOrder.Kind.BACK, 0, () -> count(FIRST, State.RETIRED) > 1);
    insist(ModelOrder.Kind.APPROVE, SECOND, () -> count(SECOND, State.APPROVED) > 0);
    insist(ModelOrder.Kind.PROMOTE, SECOND, () -> goesOut(SECOND));
    for (long part = 0; part < PARTS_MOST && !isEverywhere(SECOND); part++) {
      for (String site : federation.sites().keySet()) {
        federation.predict(site, part);
      }
      var unused = federation.run(REPORTED, () -> false);
    }
    if (!isEverywhere(SECOND)) {
      throw new IllegalStateException("the second version did not reach all sites: " + task());
    }
  }

  private void insist(ModelOrder.Kind kind, int version, BooleanSupplier done) {
    for (int i = 0; i < ORDERS_MOST && !done.getAsBoolean(); i++) {
      federation.order(new ModelOrder(kind, version, "ops", ""));
      var unused = federation.run(AGAIN, done);
    }
    if (!done.getAsBoolean()) {
      throw new IllegalStateException("no " + kind + " of version " + version + ": " + task());
    }
  }

  private Optional<TaskFacts> task() {
    return federation.tasks().stream().findFirst();
  }

  private Optional<Version> version(int version) {
    return task().map(TaskFacts::versions).orElse(List.of()).stream()
        .filter(each -> each.model().version() == version)
        .findFirst();
  }

  private long count(int version, State state) {
    return version(version).map(Version::changes).orElse(List.of()).stream()
        .map(Change::state)
        .filter(state::equals)
        .count();
  }

  private boolean goesOut(int version) {
    return task()
        .flatMap(TaskFacts::rollout)
        .filter(rollout -> Integer.valueOf(version).equals(rollout.version()))
        .isPresent();
  }

  private boolean isEverywhere(int version) {
    Optional<Digest> digest = version(version).map(each -> each.model().digest());
    return count(version, State.ACTIVE) > 0
        && federation.sites().values().stream()
            .allMatch(views -> views.stream().anyMatch(view -> view.deployed().equals(digest)));
  }
}
