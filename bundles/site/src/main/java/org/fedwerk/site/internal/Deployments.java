// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.learn.Architectures;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.learn.Normalisation;
import org.fedwerk.api.message.Chunk;
import org.fedwerk.api.message.Disclosure;
import org.fedwerk.api.message.Float32;
import org.fedwerk.api.message.ModelReference;
import org.fedwerk.api.message.Section;
import org.fedwerk.api.store.Blobs;
import org.fedwerk.api.store.Journal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The deployment of each task, on disk, so that a site predicts with its last model when everything
 * else is gone. Thread-safe.
 */
final class Deployments {
  private static final Logger log = LoggerFactory.getLogger(Deployments.class);
  private static final int DEPLOYED = 1;
  private static final int NORMALISED = 2;
  private static final int RETIRED = 3;
  private static final String NAME = "site/deployments";

  private final Journal journal;
  private final Blobs blobs;
  private final Architectures architectures;
  private final Map<Digest, Deployment> active = new HashMap<>();
  private final Map<Digest, Local> locals = new HashMap<>();
  private final Map<Digest, Set<Digest>> pinned = new HashMap<>();

  private record Local(int revision, Normalisation normalisation) {}

  Deployments(Journal journal, Blobs blobs, Architectures architectures, TaskBook tasks) {
    this.journal = journal;
    this.blobs = blobs;
    this.architectures = architectures;
    Map<Digest, ModelReference> models = new HashMap<>();
    journal.replay(
        journal.first(),
        (sequence, bytes) -> {
          StateReader record = new StateReader(NAME, bytes);
          Digest task = record.digest();
          switch (record.type()) {
            case NORMALISED -> locals.put(task, readLocal(record));
            case RETIRED -> models.remove(task);
            default -> models.put(task, readModel(record));
          }
        });
    models.forEach((digest, model) -> tasks.find(digest).ifPresent(task -> restore(task, model)));
  }

  private void restore(KnownTask task, ModelReference model) {
    Optional<float[]> vector = assemble(model);
    Local local = locals.get(task.digest());
    if (vector.isEmpty() || local == null) {
      log.warn(
          "The last model of task {} cannot be read back from the blob store; this site predicts again after the next round",
          task.task().name());
      return;
    }
    active.put(task.digest(), deployment(task, model, vector.get(), local));
    pinned.put(task.digest(), chunks(model));
  }

  private Deployment deployment(KnownTask task, ModelReference model, float[] vector, Local local) {
    return new Deployment(
        task, network(task), vector, local.normalisation(), model, local.revision());
  }

  /** The architecture of a task that was accepted before. */
  Network network(KnownTask task) {
    try {
      return architectures.network(task.task().model(), task.task().schema());
    } catch (RefusedException changed) {
      throw new IllegalStateException(
          "the model of task "
              + task.task().name()
              + " is no longer accepted: "
              + changed.getMessage(),
          changed);
    }
  }

  /** The vector of a model whose chunks are all here; empty if one is missing or of wrong size. */
  Optional<float[]> assemble(ModelReference model) {
    float[] vector = new float[model.parameters().size()];
    for (Chunk chunk : model.parameters().chunks()) {
      Optional<byte[]> bytes = blobs.get(chunk.digest());
      if (bytes.isEmpty() || bytes.get().length != Float.BYTES * chunk.count()) {
        return Optional.empty();
      }
      Float32.decode(bytes.get(), vector, chunk.from(), chunk.count());
    }
    return Optional.of(vector);
  }

  /** The site's normalisation for a task, if it was fitted. */
  synchronized Optional<Normalisation> normalisation(KnownTask task) {
    return Optional.ofNullable(locals.get(task.digest())).map(Local::normalisation);
  }

  /** Keeps a fitted normalisation as the next local revision. */
  synchronized void normalise(KnownTask task, Normalisation fitted) {
    Local before = locals.get(task.digest());
    Local local = new Local(before == null ? 1 : before.revision() + 1, fitted);
    journal.append(
        writeVector(
                writeVector(
                    new StateWriter(NORMALISED).digest(task.digest()).number(local.revision()),
                    fitted.mean()),
                fitted.scale())
            .record());
    journal.force();
    locals.put(task.digest(), local);
  }

  /**
   * Makes a model the active deployment; the normalisation must be there. Nothing happens if it is
   * active already.
   */
  synchronized Deployment activate(KnownTask task, ModelReference model, float[] vector) {
    Deployment before = active.get(task.digest());
    Local local = locals.get(task.digest());
    if (local == null) {
      throw new IllegalStateException(
          "task " + task.task().name() + " has no normalisation at this site yet");
    }
    if (before != null
        && before.model().digest().equals(model.digest())
        && before.localRevision() == local.revision()) {
      return before;
    }
    long sequence =
        journal.append(writeModel(new StateWriter(DEPLOYED).digest(task.digest()), model).record());
    journal.force();
    retire(task);
    Deployment deployment = deployment(task, model, vector, local);
    active.put(task.digest(), deployment);
    pinned.put(task.digest(), chunks(model));
    if (before != null && sequence % 1000 == 0) {
      compact(sequence);
    }
    return deployment;
  }

  /** A task that was submitted anew under the same name takes the place of the one before. */
  private void retire(KnownTask successor) {
    for (Deployment each : List.copyOf(active.values())) {
      KnownTask task = each.task();
      if (task.task().name().equals(successor.task().name())
          && !task.digest().equals(successor.digest())) {
        journal.append(new StateWriter(RETIRED).digest(task.digest()).record());
        active.remove(task.digest());
        pinned.remove(task.digest());
      }
    }
  }

  private void compact(long before) {
    locals.forEach(
        (task, local) ->
            journal.append(
                writeVector(
                        writeVector(
                            new StateWriter(NORMALISED).digest(task).number(local.revision()),
                            local.normalisation().mean()),
                        local.normalisation().scale())
                    .record()));
    active.forEach(
        (task, each) ->
            journal.append(
                writeModel(new StateWriter(DEPLOYED).digest(task), each.model()).record()));
    journal.dropBefore(before);
  }

  synchronized Optional<Deployment> of(Digest task) {
    return Optional.ofNullable(active.get(task));
  }

  synchronized List<Deployment> all() {
    return new ArrayList<>(active.values());
  }

  /** True if a chunk belongs to an active deployment. */
  synchronized boolean needs(Digest chunk) {
    return pinned.values().stream().anyMatch(set -> set.contains(chunk));
  }

  private static Set<Digest> chunks(ModelReference model) {
    return new HashSet<>(model.parameters().blobs());
  }

  private static StateWriter writeVector(StateWriter writer, float[] values) {
    return writer.raw(Float32.encode(values, 0, values.length));
  }

  private static float[] readVector(StateReader record) {
    byte[] raw = record.raw();
    float[] values = new float[raw.length / 4];
    Float32.decode(raw, values, 0, values.length);
    return values;
  }

  private static Local readLocal(StateReader record) {
    return new Local(record.integer(), new Normalisation(readVector(record), readVector(record)));
  }

  private static StateWriter writeModel(StateWriter writer, ModelReference model) {
    return writer
        .number(model.version())
        .digest(model.digest())
        .digest(model.layout())
        .list(
            model.parameters().chunks(),
            (w, chunk) ->
                w.number(chunk.from())
                    .number(chunk.count())
                    .number(chunk.bytes())
                    .digest(chunk.digest()));
  }

  private static ModelReference readModel(StateReader record) {
    return new ModelReference(
        record.integer(),
        record.digest(),
        record.digest(),
        new Section(
            Section.PARAMETERS,
            Section.F32LE,
            Disclosure.INDIVIDUAL,
            record.list(r -> new Chunk(r.integer(), r.integer(), r.integer(), r.digest()))));
  }
}
