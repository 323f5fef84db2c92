// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.time.Clock;
import org.fedwerk.api.codec.Codecs;
import org.fedwerk.api.learn.Architectures;
import org.fedwerk.api.store.Blobs;
import org.fedwerk.api.store.Storage;
import org.fedwerk.api.task.TaskReader;

/**
 * Everything a site keeps on disk.
 *
 * @param tasks offered tasks and decisions
 * @param positions highest plans seen
 * @param outbox replies
 * @param manifests what each phase read
 * @param gate the way out, with its record
 * @param messages sequence of messages sent
 * @param deployments active models
 * @param personal what stays at the site beside them
 * @param predictions newest predictions
 * @param chunks which blobs are kept, and until when
 * @param made makes chunks of models here
 * @param deletions what was deleted, and by whom
 * @param rounds rounds that this site trained in, and how many more its owner wants today
 * @param drift what parts are compared with, and requests for rounds
 * @param blobs chunks
 */
record SiteState(
    TaskBook tasks,
    Positions positions,
    Outbox outbox,
    ManifestBook manifests,
    EgressGate gate,
    Sequence messages,
    Deployments deployments,
    PersonalModels personal,
    PredictionBook predictions,
    ChunkLedger chunks,
    LocalChunks made,
    DeletionBook deletions,
    RoundQuota rounds,
    DriftBook drift,
    Blobs blobs) {

  static SiteState open(
      Storage storage,
      TaskReader reader,
      Architectures architectures,
      Codecs codecs,
      SiteSettings settings,
      Clock clock) {
    TaskBook tasks = new TaskBook(storage.journal("site/tasks"), reader, architectures);
    Positions positions = new Positions(storage.journal("site/positions"));
    Outbox outbox = new Outbox(storage.journal("site/outbox"));
    tasks
        .all()
        .forEach(
            task ->
                outbox.forget(
                    task.digest(),
                    positions.of(task.digest()),
                    task.takesLate() && !task.finished()));
    ChunkLedger chunks = new ChunkLedger(storage.journal("site/chunks"), storage.blobs());
    // A kill may have come between a reply and its entry.
    chunks.note(outbox.chunks());
    PersonalModels personal =
        new PersonalModels(
            new PersonalBook(storage.journal(PersonalBook.NAME), storage.blobs(), chunks),
            architectures);
    Deployments deployments =
        new Deployments(
            storage.journal(DeploymentRecords.NAME),
            storage.blobs(),
            architectures,
            personal,
            tasks,
            clock);
    return new SiteState(
        tasks,
        positions,
        outbox,
        new ManifestBook(storage.journal("site/manifests")),
        new EgressGate(
            storage.journal("site/egress"),
            clock,
            settings.egressMaxBytes(),
            settings.egressKept(),
            settings.permits(),
            tasks),
        new Sequence(storage.journal("site/sequence"), "site/sequence"),
        deployments,
        personal,
        new PredictionBook(storage.journal("site/predictions")),
        chunks,
        new LocalChunks(deployments, architectures, codecs, storage.blobs()),
        new DeletionBook(storage.journal(DeletionBook.NAME)),
        new RoundQuota(
            storage.journal("site/rounds"), settings.roundsPerDay(), settings.hours(), clock),
        new DriftBook(storage.journal(DriftBook.NAME)),
        storage.blobs());
  }
}
