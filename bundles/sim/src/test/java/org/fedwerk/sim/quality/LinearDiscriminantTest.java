// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.quality;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.fedwerk.api.learn.LabelledInputs;
import org.junit.jupiter.api.Test;

class LinearDiscriminantTest {
  /**
   * Two classes of equal size at (-1, 0) and (1, 0); both inputs share a noise that a difference
   * takes away, so that the second one decides although its means are equal.
   */
  @Test
  void usesWhatInputsShare() {
    Random random = new Random(1);
    int count = 2000;
    float[] values = new float[2 * count];
    int[] classes = new int[count];
    for (int n = 0; n < count; n++) {
      double noise = 10 * random.nextGaussian();
      classes[n] = n % 2;
      values[2 * n] = (float) (noise + (classes[n] == 0 ? -1 : 1));
      values[2 * n + 1] = (float) (noise + 0.1 * random.nextGaussian());
    }
    LabelledInputs inputs = new LabelledInputs(count, values, classes);
    float[] ones = LinearDiscriminant.fit(inputs, 3).predict(inputs);
    int right = 0;
    for (int n = 0; n < count; n++) {
      right += (int) ones[3 * n + classes[n]];
    }
    assertEquals(1, (double) right / count, 0.01);
  }

  /** With variance 1 and means -1 and 1 the border is half the logarithm of the odds, 3 : 1. */
  @Test
  void aClassThatIsMoreCommonReachesFurther() {
    float[] values = {-2, 0, -2, 0, -2, 0, 0, 2};
    LabelledInputs inputs = new LabelledInputs(8, values, new int[] {0, 0, 0, 0, 0, 0, 1, 1});
    LinearDiscriminant fitted = LinearDiscriminant.fit(inputs, 2);
    float border = (float) (Math.log(3) / 2);
    float[] around = {border - 0.01f, border + 0.01f};
    assertArrayEquals(
        new float[] {1, 0, 0, 1}, fitted.predict(new LabelledInputs(2, around, new int[2])));
  }
}
