// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability.scale;

import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.learn.Layout;
import org.fedwerk.api.message.Chunk;
import org.fedwerk.api.message.Float32;
import org.fedwerk.api.message.ModelReference;
import org.fedwerk.api.model.GlobalDigest;
import org.fedwerk.api.task.Task;
import org.fedwerk.api.task.TaskDocument;
import org.fedwerk.learn.internal.NamedArchitectures;
import org.fedwerk.task.internal.YamlTaskReader;
import org.jspecify.annotations.Nullable;

/**
 * One site of all fetches the models chunk by chunk and compares them with those that must come of
 * the updates. Its site's event loop only, but for {@link #differing}.
 */
final class ModelReader {
  private final Crowd crowd;
  private final Map<Integer, Digest> expected = new HashMap<>();
  private final Map<Digest, Chunk> missing = new LinkedHashMap<>();
  private @Nullable Layout layout;
  private @Nullable Digest task;
  private @Nullable SumCheck sums;
  private float[] vector = new float[0];
  private Reading reading = () -> {};
  private @Nullable ModelReference model;
  private int newest = -1;
  private int differing;

  /** What follows when a model is here. */
  interface Reading {
    void done() throws IOException;
  }

  ModelReader(Crowd crowd) {
    this.crowd = crowd;
  }

  /** The task that the models are of. */
  void task(String yaml) throws RefusedException {
    TaskDocument document = new YamlTaskReader().read(yaml);
    Task read = document.task();
    layout = new NamedArchitectures().network(read.model(), read.schema()).layout();
    task = document.digest();
  }

  /**
   * Reads a plan's model if it was not read before, and goes on after that.
   *
   * @param fetch asks the coordinator for chunks
   */
  void read(ModelReference named, Consumer<List<Digest>> fetch, Reading after) throws IOException {
    if (named.version() <= newest) {
      after.done();
      return;
    }
    model = named;
    reading = after;
    vector = new float[named.parameters().size()];
    missing.clear();
    for (Chunk chunk : named.parameters().chunks()) {
      missing.put(chunk.digest(), chunk);
    }
    fetch.accept(List.copyOf(missing.keySet()));
  }

  /** A chunk came. */
  void chunk(byte[] bytes) throws IOException {
    Chunk chunk = missing.remove(Digest.of(bytes));
    if (chunk == null) {
      return;
    }
    Float32.decode(bytes, vector, chunk.from(), chunk.count());
    if (missing.isEmpty()) {
      judge();
      reading.done();
    }
  }

  private synchronized void judge() {
    ModelReference read = model;
    if (read == null) {
      return;
    }
    float[] wanted = vector;
    if (read.version() == 0) {
      sums = new SumCheck(crowd, vector);
    } else if (sums != null) {
      wanted = sums.next();
    }
    newest++;
    differing += SumCheck.differing(wanted, vector) + (newest == read.version() ? 0 : 1);
    Digest digest = digest(wanted);
    differing += digest.equals(read.digest()) ? 0 : 1;
    expected.put(newest, digest);
  }

  private Digest digest(float[] wanted) {
    if (task == null || layout == null) {
      throw new IllegalStateException("a plan came before its task");
    }
    return GlobalDigest.of(task, layout, wanted, new byte[0]);
  }

  /**
   * Elements of fetched models that differ from the expected ones, and committed models that are
   * not those. Any thread may call.
   *
   * @param committed digests by the coordinator's run history, from the first round on
   */
  synchronized int differing(List<Digest> committed) {
    int wrong = differing;
    for (int round = 1; round <= committed.size(); round++) {
      wrong += committed.get(round - 1).equals(expected.get(round)) ? 0 : 1;
    }
    return wrong + Math.abs(expected.size() - 1 - committed.size());
  }
}
