// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.schedule;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.link.Address;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.Header;
import org.fedwerk.api.message.Kind;
import org.fedwerk.api.message.Message;
import org.fedwerk.api.message.Position;
import org.fedwerk.api.message.SealedMessages;
import org.fedwerk.api.model.ModelVersion;
import org.fedwerk.api.task.TaskDocument;
import org.fedwerk.coordinator.internal.Snapshot.TaskFacts;
import org.fedwerk.coordinator.internal.round.Place;
import org.fedwerk.sim.fault.Replies;
import org.fedwerk.sim.fault.VirtualFederation;
import org.fedwerk.sim.fault.VirtualNetwork;

/**
 * Looks at a federation from outside: at each message when it is sent, at the coordinator's disk at
 * that moment, and in the end at models and deployments. It asks no room whether it did well.
 */
final class Checker {
  private static final int MOST = 20;

  private final VirtualFederation federation;
  private final TaskDocument task;
  private final Replies replies;
  private final RoundsOnDisk disk;
  private final List<Violation> violations = new ArrayList<>();
  private final Map<Position, Digest> models = new HashMap<>();
  private final Map<Integer, Digest> versions = new HashMap<>();
  private final Map<String, Position> told = new HashMap<>();

  Checker(VirtualFederation federation, TaskDocument task) {
    this.federation = federation;
    this.task = task;
    replies = new Replies(federation.sealed(VirtualNetwork.COORDINATOR));
    disk = new RoundsOnDisk(federation.disk(VirtualNetwork.COORDINATOR), task.digest());
    federation.network().observe(this::sent);
  }

  /** What was found so far. */
  List<Violation> violations() {
    return violations;
  }

  private void report(Invariant invariant, String detail) {
    if (violations.size() < MOST) {
      violations.add(new Violation(invariant, detail));
    }
  }

  private void sent(String from, Address address, byte[] payload) {
    replies.sent(address, payload);
    if (address.kind() == Kind.CHUNK) {
      return;
    }
    boolean down = address.branch() != Address.Branch.FROM;
    // Any site may open what is for all; what is for one is opened as that one.
    String reader = down ? reader(address) : VirtualNetwork.COORDINATOR;
    Optional<Message> message = open(federation.sealed(reader), address, payload);
    if (message.isEmpty()) {
      return;
    }
    if (down) {
      disk.read();
      journal();
      said(address, message.get());
    } else {
      told(from, message.get());
    }
  }

  private String reader(Address address) {
    String site = address.site();
    return site == null ? federation.ids().get(1) : site;
  }

  private static Optional<Message> open(SealedMessages sealed, Address address, byte[] payload) {
    try {
      return Optional.of(sealed.open(address, payload));
    } catch (RefusedException refused) {
      return Optional.empty();
    }
  }

  private void journal() {
    for (int round : disk.committed) {
      int rows = disk.rows.getOrDefault(round, 0);
      if (rows != 1) {
        report(Invariant.ONE_RESULT, "round " + round + " is committed with " + rows + " rows");
      }
    }
    if (disk.outOfOrder) {
      report(Invariant.VERSIONS_GROW, "the run history has rounds " + disk.rows);
    }
  }

  private void said(Address address, Message message) {
    Header header = message.header();
    if (message.body() instanceof Body.Receipt receipt && receipt.accepted()) {
      if (!disk.replies.contains(
          RoundsOnDisk.reply(String.valueOf(address.site()), receipt.manifest()))) {
        report(
            Invariant.JOURNAL_FIRST,
            "a receipt went to " + address.site() + " for a reply that is not in the journal");
      }
    } else if (message.body() instanceof Body.Plan plan) {
      plan(header.position(), plan);
    }
  }

  private void plan(Position at, Body.Plan plan) {
    Digest model = plan.model().digest();
    Digest before = models.putIfAbsent(at, model);
    if (before != null && !before.equals(model)) {
      report(Invariant.ONE_MODEL, at + " meant " + before.brief() + " and " + model.brief());
    }
    if (plan.committed()) {
      int version = plan.model().version();
      Digest known = versions.putIfAbsent(version, model);
      if (known != null && !known.equals(model)) {
        report(
            Invariant.ONE_MODEL,
            "version " + version + " was " + known.brief() + " and is " + model.brief());
      }
    }
    boolean opened = at.round() == 1 || disk.committed.contains(at.round() - 1);
    boolean folded =
        at.phase() == 0
            || disk.folded.contains(new Place(at.round(), at.attempt(), at.phase() - 1));
    if (!opened || !folded) {
      report(Invariant.JOURNAL_FIRST, "a plan for " + at + " went out before its journal");
    }
  }

  /** What a site says of its position; a message may be about an older one, but not a sync. */
  private void told(String site, Message message) {
    if (message.body() instanceof Body.Sync sync) {
      for (Body.TaskStanding standing : sync.tasks()) {
        Position before = told.getOrDefault(site, Position.NONE);
        if (standing.position().compareTo(before) < 0) {
          report(
              Invariant.POSITIONS_GROW,
              "site " + site + " stood at " + before + " and then at " + standing.position());
        }
        told.put(site, standing.position());
      }
    } else if (task.task().rounds().late().keeps()) {
      return; // it may still work on an older plan, whose update is taken late
    } else if (message.body() instanceof Body.Progress || message.body() instanceof Body.Leave) {
      Position at = message.header().position();
      Position before = told.getOrDefault(site, Position.NONE);
      if (at.compareTo(before) < 0) {
        report(
            Invariant.POSITIONS_GROW,
            "site " + site + " works at " + at + " after it stood at " + before);
      } else {
        told.put(site, at);
      }
    }
  }

  /** Looks once more when all is over. */
  void end(boolean ended) {
    disk.read();
    journal();
    replies.contradictions().forEach(each -> report(Invariant.SAME_BYTES, each));
    List<TaskFacts> tasks = federation.tasks();
    if (!ended) {
      report(
          Invariant.ENDS,
          "tasks " + tasks.stream().map(TaskFacts::run).toList() + ", sites " + federation.sites());
    }
    for (TaskFacts each : tasks) {
      Set<String> counted = new TreeSet<>();
      for (ModelVersion model : each.models()) {
        for (String contributor : model.contributors()) {
          boolean late = !ModelVersion.site(contributor).equals(contributor);
          String update = late ? contributor : ModelVersion.late(contributor, model.version());
          if (!counted.add(update)) {
            report(Invariant.COUNTED_ONCE, "update " + update + " is in two models");
          }
        }
        Set<String> different = new TreeSet<>(model.contributors());
        if (different.size() != model.contributors().size()) {
          report(Invariant.COUNTED_ONCE, "model " + model.version() + " counts a site twice");
        }
      }
      try {
        replies
            .differences(task, each.rounds(), each.models())
            .forEach(what -> report(Invariant.COUNTED_ONCE, what));
      } catch (RuntimeException impossible) {
        report(Invariant.COUNTED_ONCE, "the replies do not add up: " + impossible.getMessage());
      }
    }
  }
}
