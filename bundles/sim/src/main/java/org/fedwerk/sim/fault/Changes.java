// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.fault;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.fedwerk.api.Digest;
import org.fedwerk.api.codec.RangeCodec;
import org.fedwerk.api.task.Coding;
import org.fedwerk.codec.internal.RangeCodecs;

/** What coding makes of the steps from version to version, reckoned over whole vectors. */
final class Changes {
  private final Digest task;
  private final Coding coding;
  private final float[] rest;

  /**
   * Nothing was left out yet.
   *
   * @param length of the model
   */
  Changes(Digest task, Coding coding, int length) {
    this.task = task;
    this.coding = coding;
    rest = new float[length];
  }

  /** The step to a version as sites get it: in even ranges, however updates are cut. */
  double[] coded(double[] step, int version) {
    String text = "change/" + task.hex() + "/" + version;
    Digest digest = Digest.of(text.getBytes(StandardCharsets.UTF_8));
    long seed = ByteBuffer.wrap(digest.raw()).getLong();
    RangeCodec codec = new RangeCodecs().coded(coding);
    for (int i = 0; i < rest.length; i++) {
      rest[i] = (float) (rest[i] + step[i]);
    }
    double[] coded = new double[step.length];
    for (int from = 0; from < rest.length; from += Bench.RANGE_ELEMENTS) {
      float[] sent = new float[Math.min(Bench.RANGE_ELEMENTS, rest.length - from)];
      codec.decode(
          codec.encode(Arrays.copyOfRange(rest, from, from + sent.length), seed + from, 0), sent);
      for (int i = 0; i < sent.length; i++) {
        coded[from + i] = sent[i];
        rest[from + i] = coding.hasMemory() ? rest[from + i] - sent[i] : 0;
      }
    }
    return coded;
  }
}
