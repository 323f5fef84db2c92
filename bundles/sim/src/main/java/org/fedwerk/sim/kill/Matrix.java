// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.kill;

import static org.fedwerk.sim.kill.Scenario.CHOSEN;
import static org.fedwerk.sim.kill.Scenario.DELETE;
import static org.fedwerk.sim.kill.Scenario.DRIFT;
import static org.fedwerk.sim.kill.Scenario.FOLD_FAILS;
import static org.fedwerk.sim.kill.Scenario.FORGED;
import static org.fedwerk.sim.kill.Scenario.LEAVE;
import static org.fedwerk.sim.kill.Scenario.ORDERS;
import static org.fedwerk.sim.kill.Scenario.OVERDUE;
import static org.fedwerk.sim.kill.Scenario.PERSONAL;
import static org.fedwerk.sim.kill.Scenario.PLAIN;
import static org.fedwerk.sim.kill.Scenario.PREDICT;
import static org.fedwerk.sim.kill.Scenario.PROMOTE;
import static org.fedwerk.sim.kill.Scenario.STALL;
import static org.fedwerk.sim.kill.Scenario.SUCCESSOR;

import java.util.ArrayList;
import java.util.List;

/**
 * Every type of record that coordinator and site write. A test reads the types off the sources of
 * the rooms and off the runs, and fails for one that has no row here: whoever adds a type adds a
 * row, and a scenario if no run writes it yet.
 */
public final class Matrix {
  /** All rows. */
  public static final List<Row> ROWS = rows();

  /** Constants of records that are blobs and belong to no journal. */
  public static final List<String> BLOBS =
      List.of("ReplyRecord.TYPE", "PhaseProduct.TYPE", "Members.TYPE");

  private Matrix() {}

  private static List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    coordinator(rows);
    rounds(rows);
    site(rows);
    return List.copyOf(rows);
  }

  private static void coordinator(List<Row> rows) {
    String tasks = "coordinator/tasks";
    rows.add(Row.of(tasks, 1, "the epoch", "TaskBook.EPOCH", PLAIN));
    rows.add(Row.of(tasks, 2, "a task was submitted", "TaskBook.TASK", PLAIN));
    rows.add(
        Row.of("coordinator/sequence", 1, "message numbers set aside", "Sequence.RESERVED", PLAIN));
    rows.add(
        Row.of("coordinator/audit", 1, "a refused reply, or an order", "AuditTrail.LINE", FORGED));
    String history = "coordinator/<task>/history";
    rows.add(
        Row.of(
            history, 1, "version 0, or a version adopted from sites", "Registry.INITIAL", PLAIN));
    rows.add(Row.of(history, 2, "a round's result and model", "Registry.ROUND", PLAIN));
    String models = "coordinator/<task>/models";
    rows.add(Row.of(models, 1, "a version is a candidate", "StepCodec.ADDED", PLAIN));
    rows.add(Row.of(models, 2, "a version is approved", "StepCodec.APPROVED", PROMOTE));
    rows.add(Row.of(models, 3, "a version is active", "StepCodec.ACTIVATED", PLAIN));
    rows.add(Row.of(models, 4, "a version is retired", "StepCodec.RETIRED", PROMOTE));
    rows.add(Row.of(models, 5, "a wave began", "StepCodec.WAVE", PROMOTE));
    rows.add(Row.of(models, 6, "a gate was passed", "StepCodec.PASSED", PROMOTE));
    rows.add(Row.of(models, 7, "a version was taken back", "StepCodec.ROLLED_BACK", PROMOTE));
  }

  private static void rounds(List<Row> rows) {
    String rounds = "coordinator/<task>/rounds";
    rows.add(Row.of(rounds, 1, "SiteReady", "EventCodec.READY", PLAIN));
    rows.add(Row.of(rounds, 2, "SiteLeft", "EventCodec.LEFT", LEAVE));
    rows.add(Row.of(rounds, 3, "ReplyComplete", "EventCodec.COMPLETE", PLAIN));
    rows.add(Row.of(rounds, 4, "SiteStalled", "EventCodec.STALLED", STALL));
    rows.add(Row.of(rounds, 5, "SiteBack", "EventCodec.BACK", STALL));
    rows.add(Row.of(rounds, 6, "PhaseOverdue", "EventCodec.OVERDUE", OVERDUE));
    rows.add(Row.of(rounds, 7, "RetryDue", "EventCodec.RETRY", LEAVE));
    rows.add(Row.of(rounds, 8, "Folded", "EventCodec.FOLDED", PLAIN));
    rows.add(Row.of(rounds, 9, "FoldFailed", "EventCodec.FOLD_FAILED", FOLD_FAILS));
    rows.add(Row.of(rounds, 10, "Committed", "EventCodec.COMMITTED", PLAIN));
    rows.add(Row.of(rounds, 11, "Paused", "EventCodec.PAUSED", ORDERS));
    rows.add(Row.of(rounds, 12, "Resumed", "EventCodec.RESUMED", ORDERS));
    rows.add(Row.of(rounds, 13, "Aborted", "EventCodec.ABORTED", ORDERS));
    rows.add(Row.of(rounds, 14, "Retried", "EventCodec.RETRIED", ORDERS));
    rows.add(Row.of(rounds, 15, "CohortChosen", "EventCodec.CHOSEN", CHOSEN));
    rows.add(Row.of(rounds, 16, "RoundsAsked", "EventCodec.ASKED", DRIFT));
    rows.add(Row.of(rounds, 64, "an attempt was announced", "TaskJournal.OPENED", PLAIN));
  }

  private static void site(List<Row> rows) {
    rows.add(Row.of("site/tasks", 1, "a task was offered", "TaskBook.OFFERED", PLAIN));
    rows.add(Row.of("site/tasks", 2, "the owner decided", "TaskBook.DECIDED", PLAIN));
    rows.add(Row.of("site/tasks", 3, "a task has ended", "TaskBook.FINISHED", PLAIN));
    rows.add(Row.of("site/tasks", 4, "an ended task goes on", "TaskBook.GOES_ON", DRIFT));
    rows.add(Row.of("site/positions", 1, "a plan was seen", "Positions.SEEN", PLAIN));
    rows.add(Row.of("site/rounds", 1, "a round is trained in", "RoundQuota.BEGUN", PLAIN));
    rows.add(Row.of("site/manifests", 1, "what a phase reads", "ManifestBook.USED", PLAIN));
    rows.add(Row.of("site/manifests", 2, "which phases read parts", "ManifestBook.USES", DELETE));
    rows.add(Row.of("site/outbox", 1, "a reply", "Outbox.ADDED", PLAIN));
    rows.add(Row.of("site/outbox", 2, "a receipt came", "Outbox.SETTLED", PLAIN));
    rows.add(Row.of("site/personal", 1, "what stays at the site", "PersonalBook.KEPT", PERSONAL));
    rows.add(Row.of("site/chunks", 1, "chunks are kept", "ChunkLedger.NOTED", PLAIN));
    rows.add(Row.of("site/chunks", 2, "chunks were removed", "ChunkLedger.HELD", PLAIN));
    String deployments = "site/deployments";
    String records = "DeploymentRecords.";
    rows.add(Row.of(deployments, 2, "a normalisation was fitted", records + "NORMALISED", PLAIN));
    rows.add(Row.of(deployments, 3, "a deployment has ended", records + "RETIRED", SUCCESSOR));
    rows.add(Row.of(deployments, 4, "a model runs, or is held", records + "STANDING", PLAIN));
    String deletions = "site/deletions";
    rows.add(Row.of(deletions, 1, "a deletion begins", "DeletionBook.BEGUN", DELETE));
    rows.add(Row.of(deletions, 2, "what had read the parts", "DeletionBook.READ_BY", DELETE));
    rows.add(Row.of(deletions, 3, "a deletion has ended", "DeletionBook.ENDED", DELETE));
    String drift = "site/drift";
    rows.add(Row.of(drift, 1, "what training parts are like", "DriftBook.REFERENCE", DRIFT));
    rows.add(Row.of(drift, 2, "the site asks for rounds", "DriftBook.ASKED", DRIFT));
    rows.add(Row.of("site/egress", 1, "something asked to leave", "EgressGate.PASSAGE", PLAIN));
    rows.add(Row.of("site/sequence", 1, "message numbers set aside", "Sequence.RESERVED", PLAIN));
    rows.add(Row.of("site/predictions", 1, "a prediction", "PredictionBook.PREDICTED", PREDICT));
  }
}
