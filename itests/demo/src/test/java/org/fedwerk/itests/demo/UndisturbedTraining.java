// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.demo;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.fedwerk.api.Digest;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.message.Chunk;
import org.fedwerk.api.message.Float32;
import org.fedwerk.api.task.Task;
import org.fedwerk.learn.djl.internal.DjlEngine;
import org.fedwerk.learn.djl.internal.EngineSettings;
import org.fedwerk.learn.internal.NamedArchitectures;
import org.fedwerk.learn.internal.WindowPreparation;

/**
 * What a site must answer to the first training of a task, worked out outside of it: parts from the
 * plant's process, examples, normalisation, seed and training as docs/architecture.md tells.
 */
final class UndisturbedTraining {
  private final DemoTask demo;
  private final Path folder;

  UndisturbedTraining(DemoTask demo, Path folder) {
    this.demo = demo;
    this.folder = folder;
  }

  /**
   * SHA-256 of each chunk of the delta of round 1.
   *
   * @param digest of the task's document
   * @param used serials that the site trained on
   * @param cut how the delta is cut into chunks
   */
  List<Digest> firstRound(
      Task task, Digest digest, DemoTask.Plant plant, Map<String, DataRole> used, List<Chunk> cut)
      throws Exception {
    WindowPreparation preparation = new WindowPreparation();
    NamedArchitectures architectures = new NamedArchitectures();
    DjlEngine engine = new DjlEngine(EngineSettings.defaults());
    List<Example> examples =
        new Comparison(demo, folder, engine).examples(plant, used).of(DataRole.TRAIN);
    Network network = architectures.network(task.model(), task.schema());
    LabelledInputs inputs =
        preparation.inputs(task.schema(), preparation.fit(task.schema(), examples), examples);
    float[] start = architectures.initial(network, task.seed());
    byte[] who = (digest.hex() + "/1/" + plant.site()).getBytes(StandardCharsets.UTF_8);
    long seed = ByteBuffer.wrap(Digest.of(who).raw()).getLong();
    float[] delta =
        engine
            .train(network, task.training(), inputs, start, seed, (done, total) -> true)
            .vector()
            .clone();
    for (int i = 0; i < delta.length; i++) {
      delta[i] -= start[i];
    }
    List<Digest> chunks = new ArrayList<>();
    for (Chunk chunk : cut) {
      chunks.add(Digest.of(Float32.encode(delta, chunk.from(), chunk.count())));
    }
    return chunks;
  }
}
