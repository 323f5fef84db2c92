// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.fedwerk.api.Digest;
import org.fedwerk.api.aggregate.ServerOptimizer;
import org.fedwerk.api.message.Chunk;
import org.fedwerk.api.message.Disclosure;
import org.fedwerk.api.message.Float32;
import org.fedwerk.api.message.Section;
import org.fedwerk.api.task.StrategySpec;
import org.fedwerk.coordinator.internal.blobs.BlobKeeper;

/**
 * The server optimizer's part in one fold: reads the state that belongs to the base version range
 * by range, and stores the state that will belong to the next one. Never sent to anybody.
 */
final class ServerStep implements RangeFold.Step {
  private final ServerOptimizer optimizer;
  private final StrategySpec.Server spec;
  private final List<Section> before;
  private final Function<Digest, byte[]> read;
  private final BlobKeeper.Holder store;
  private final List<List<Chunk>> after = new ArrayList<>();

  /**
   * A step.
   *
   * @param before what is kept with the base version, of which a section per vector is its state,
   *     in the ranges of the updates; none if it has no state
   */
  ServerStep(
      ServerOptimizer optimizer,
      StrategySpec.Server spec,
      List<Section> before,
      BlobKeeper.Holder store) {
    this.optimizer = optimizer;
    this.spec = spec;
    this.before = before.stream().filter(each -> isOf(optimizer, each)).toList();
    this.store = store;
    read = store::get;
    for (int vector = 0; vector < optimizer.vectors(); vector++) {
      after.add(new ArrayList<>());
    }
  }

  private static boolean isOf(ServerOptimizer optimizer, Section kept) {
    return kept.name().startsWith(optimizer.name() + ".");
  }

  @Override
  public double[] of(int range, int from, List<float[]> updates, double[] delta) {
    float[][] state = new float[after.size()][delta.length];
    for (int vector = 0; vector < state.length && !before.isEmpty(); vector++) {
      Chunk chunk = before.get(vector).chunks().get(range);
      Float32.decode(read.apply(chunk.digest()), state[vector], 0, delta.length);
    }
    double[] step = optimizer.step(spec, delta, state);
    for (int vector = 0; vector < state.length; vector++) {
      byte[] bytes = Float32.encode(state[vector], 0, delta.length);
      after.get(vector).add(new Chunk(from, delta.length, bytes.length, store.put(bytes)));
    }
    return step;
  }

  /** The state of the next version; the caller holds its blobs from now on. */
  List<Section> state() {
    List<Section> sections = new ArrayList<>();
    for (int vector = 0; vector < after.size(); vector++) {
      Section section =
          new Section(
              optimizer.name() + "." + vector, Section.F32LE, Disclosure.NEVER, after.get(vector));
      section.writeList().forEach(store::put);
      sections.add(section);
    }
    return sections;
  }

  /** The fold came to nothing. */
  void discard() {
    after.forEach(chunks -> store.release(chunks.stream().map(Chunk::digest).toList()));
  }
}
