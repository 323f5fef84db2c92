// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExampleTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Tensor WINDOW = new Tensor(new int[] {1, 1}, new float[] {4});

  private static Example example(LabelSpec label, String text) {
    return Example.of(label, "P", WINDOW, label.read(text).orElseThrow(), 2, DataRole.TEST);
  }

  @Test
  void aNumberIsATargetInItsUnit() {
    Target number = new Target(Target.Kind.VALUE, "um", 5, 2);
    Example example = example(new LabelSpec("depth", List.of(), HOUR, number), "7.25");
    assertArrayEquals(new float[] {7.25f}, example.target().values());
    assertEquals(-1, example.classIndex());
  }

  @Test
  void severalClassesAreATargetOfOnesAndZeros() {
    Example example =
        example(new LabelSpec("f", List.of("a", "b", "c"), HOUR, Target.SOME_CLASSES), "a+c");
    assertArrayEquals(new float[] {1, 0, 1}, example.target().values());
  }

  @Test
  void oneClassIsAnIndexWithoutATarget() {
    Example example = example(new LabelSpec("q", List.of("a", "b"), HOUR), "b");
    assertEquals(1, example.classIndex());
    assertFalse(example.tensors().containsKey(Example.TARGET));
  }
}
