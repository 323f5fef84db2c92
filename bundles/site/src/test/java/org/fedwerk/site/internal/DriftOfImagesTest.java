// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.data.Tensor;
import org.fedwerk.api.task.DriftSpec;
import org.fedwerk.api.task.Task;
import org.fedwerk.task.internal.YamlTaskReader;
import org.junit.jupiter.api.Test;

class DriftOfImagesTest {
  private static final DriftSpec DRIFT =
      new DriftSpec(DriftSpec.Method.PSI, DriftSpec.Scope.BOTH, 0.2, 10, 50, 2, 100, 2, 5);
  private static final Answer ANSWER = new Answer("good", 0.75, List.of(0.75, 0.25), 0);

  private static Task task(String channels) throws RefusedException {
    String yaml =
        Tasks.PRESS.replaceFirst(
            "(?s)  signals:.*  window: \\{[^}]*}\n",
            "  image: {signal: camera, width: 2, height: 1, channels: " + channels + "}\n");
    return new YamlTaskReader().read(yaml).task();
  }

  @Test
  void eachChannelIsWatchedByTheMeanOfItsPixels() throws RefusedException {
    Task rgb = task("rgb");
    assertEquals(
        List.of("camera red", "camera green", "camera blue", DriftVariables.SCORE),
        DriftVariables.names(rgb, DRIFT));
    Tensor image = new Tensor(new int[] {3, 1, 2}, new float[] {0, 1, .25f, .5f, .5f, .5f});
    assertArrayEquals(
        new float[] {.5f, .375f, .5f, .25f}, DriftVariables.of(rgb, DRIFT, image, ANSWER));
    Task grey = task("grey");
    assertEquals(List.of("camera grey", DriftVariables.SCORE), DriftVariables.names(grey, DRIFT));
    Tensor one = new Tensor(new int[] {1, 1, 2}, new float[] {.25f, .75f});
    assertArrayEquals(new float[] {.5f, .25f}, DriftVariables.of(grey, DRIFT, one, ANSWER));
  }
}
