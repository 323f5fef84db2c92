// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.internal;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.data.ImageSpec;
import org.fedwerk.api.data.LabelSpec;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.data.SignalSpec;
import org.fedwerk.api.data.Tensor;
import org.fedwerk.api.data.WindowSpec;

/** Small schemas and examples. */
final class Schemas {
  private Schemas() {}

  static Schema schema(int signals, int steps, int classes) {
    return new Schema(
        "press",
        1,
        IntStream.range(0, signals)
            .mapToObj(i -> new SignalSpec("s" + i, "bar", -1e6, 1e6, Duration.ofSeconds(5)))
            .toList(),
        new WindowSpec(steps, Duration.ofSeconds(1), Duration.ofSeconds(5)),
        new LabelSpec(
            "quality",
            IntStream.range(0, classes).mapToObj(i -> "c" + i).toList(),
            Duration.ofHours(1)));
  }

  static Schema images(int channels, int height, int width, int classes) {
    ImageSpec image = new ImageSpec("camera", width, height, channels, true, false);
    return Schema.ofImages("plates", 1, image, schema(1, 1, classes).label());
  }

  static Example example(Schema schema, int classIndex, float... values) {
    return new Example(
        "part-" + classIndex,
        Map.of(Example.WINDOW, new Tensor(schema.inputShape(), values)),
        classIndex,
        1,
        DataRole.TRAIN);
  }

  static List<Example> examples(Schema schema, float[]... windows) {
    return Arrays.stream(windows).map(w -> example(schema, 0, w)).toList();
  }
}
