// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.fedwerk.api.Digest;
import org.fedwerk.api.codec.Codecs;
import org.fedwerk.api.codec.RangeCodec;
import org.fedwerk.api.learn.Architectures;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.message.Chunk;
import org.fedwerk.api.message.Float32;
import org.fedwerk.api.message.ModelChange;
import org.fedwerk.api.message.ModelReference;
import org.fedwerk.api.message.Section;
import org.fedwerk.api.model.Exchange;
import org.fedwerk.api.store.Blobs;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the chunks of models from what is here, in tasks with {@code compression.down}: version 0
 * from the task's seed, a later one from an earlier one and the change between them. What is made
 * counts by its digest only; what cannot be made is fetched. For the talk thread.
 */
final class LocalChunks {
  private static final Logger log = LoggerFactory.getLogger(LocalChunks.class);

  private final Deployments deployments;
  private final Architectures architectures;
  private final Codecs codecs;
  private final Blobs blobs;

  /** The last model of each task that was all here, which the next one may be made of. */
  private final Map<Digest, Kept> newest = new HashMap<>();

  private record Kept(ModelReference model, Set<Digest> blobs) {}

  LocalChunks(Deployments deployments, Architectures architectures, Codecs codecs, Blobs blobs) {
    this.deployments = deployments;
    this.architectures = architectures;
    this.codecs = codecs;
    this.blobs = blobs;
  }

  /** What can be made for a task. */
  ModelFetch.Origin of(KnownTask task) {
    return new ModelFetch.Origin() {
      @Override
      public void begin(ModelReference model) {
        if (model.version() == 0 && changes(task)) {
          first(task, model);
        }
      }

      @Override
      public Optional<Section> change(ModelReference model) {
        return changes(task) && base(task, model).isPresent()
            ? model.change().map(ModelChange::values)
            : Optional.empty();
      }

      @Override
      public void apply(ModelReference model) {
        base(task, model).ifPresent(base -> make(task, model, base));
      }
    };
  }

  private static boolean changes(KnownTask task) {
    return task.task().compression().down().isPresent();
  }

  /** The model of a plan is all here. */
  void arrived(KnownTask task, ModelReference model) {
    if (changes(task)) {
      ModelReference whole = model.with(Optional.empty());
      newest.put(task.digest(), new Kept(whole, Set.copyOf(whole.blobs())));
    }
  }

  /** No more models of a task will be made. */
  void forget(Digest task) {
    newest.remove(task);
  }

  /** True if a later model may be made of the chunk. */
  boolean needs(Digest chunk) {
    return newest.values().stream().anyMatch(kept -> kept.blobs().contains(chunk));
  }

  private Optional<ModelReference> base(KnownTask task, ModelReference model) {
    Stream<ModelReference> here =
        Stream.concat(
            Optional.ofNullable(newest.get(task.digest())).map(Kept::model).stream(),
            deployments.kept().stream()
                .filter(each -> each.task().digest().equals(task.digest()))
                .map(Deployment::model));
    return model
        .change()
        .flatMap(
            change ->
                here.filter(each -> each.digest().equals(change.base()))
                    .filter(each -> each.parameters().count() == model.parameters().count())
                    .findFirst());
  }

  private void first(KnownTask task, ModelReference model) {
    Network network = deployments.network(task);
    Exchange exchange = PersonalModels.exchange(task, network);
    if (exchange.layout().size() != model.parameters().size()) {
      return;
    }
    float[] vector =
        exchange.first(seed -> architectures.initial(network, seed), task.task().seed());
    for (Chunk chunk : model.parameters().chunks()) {
      keep(chunk, Float32.encode(vector, chunk.from(), chunk.count()));
    }
  }

  private void make(KnownTask task, ModelReference model, ModelReference base) {
    RangeCodec codec = codecs.coded(task.task().compression().down().orElseThrow());
    List<Chunk> changes = model.change().orElseThrow().values().chunks();
    List<Chunk> before = base.parameters().chunks();
    for (int i = 0; i < changes.size(); i++) {
      Chunk wanted = model.parameters().chunks().get(i);
      Optional<byte[]> change = blobs.get(changes.get(i).digest());
      Optional<byte[]> from = blobs.get(before.get(i).digest());
      if (change.isPresent() && from.isPresent() && !blobs.has(wanted.digest())) {
        try {
          keep(wanted, sum(from.get(), change.get(), wanted.count(), codec));
        } catch (IllegalArgumentException malformed) {
          log.warn(
              "Task {}: the change to model version {} is of no use: {}",
              task.task().name(),
              model.version(),
              malformed.getMessage());
          return;
        }
      }
    }
  }

  private static byte[] sum(byte[] base, byte[] change, int count, RangeCodec codec) {
    if (base.length != Float.BYTES * count) {
      throw new IllegalArgumentException("the version before has other ranges");
    }
    float[] values = new float[count];
    Float32.decode(base, values, 0, count);
    float[] changes = new float[count];
    codec.decode(change, changes);
    for (int i = 0; i < count; i++) {
      values[i] = (float) ((double) values[i] + changes[i]);
    }
    return Float32.encode(values, 0, count);
  }

  private void keep(Chunk wanted, byte[] bytes) {
    if (Digest.of(bytes).equals(wanted.digest())) {
      blobs.put(bytes);
    }
  }
}
