// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.List;
import org.fedwerk.api.data.Regimes;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.data.Tensor;
import org.fedwerk.api.data.WindowFeatures;
import org.fedwerk.api.learn.Normalisation;
import org.junit.jupiter.api.Test;

/** By regime: signal 0 is the load, which says which of three regimes it is. */
class StandardisationTest {
  private static final Schema PLAIN = Schemas.schema(2, 2, 2);
  private static final Schema SCHEMA =
      new Schema(
          PLAIN.name(),
          PLAIN.version(),
          PLAIN.signals(),
          PLAIN.window(),
          PLAIN.label(),
          WindowFeatures.NONE,
          new Regimes(
              List.of(0), List.of(1.0), List.of(List.of(0.0), List.of(100.0), List.of(900.0))));

  private final WindowPreparation preparation = new WindowPreparation();

  private Normalisation fitted() {
    // Load 0 and 1 with temperatures 10, 14, 12; load 99 with 50 and 70; never near 900.
    return preparation.fit(
        SCHEMA,
        Schemas.examples(
            SCHEMA,
            new float[] {0, 1, 10, 14},
            new float[] {0, 99, 12, 50},
            new float[] {99, Float.NaN, 70, Float.NaN}));
  }

  @Test
  void eachSignalHasMeanAndDeviationOfItsRegimeOverAllSteps() {
    Normalisation fitted = fitted();
    float third = (float) Math.sqrt(2.0 / 9);
    float low = (float) Math.sqrt(8.0 / 3);
    assertArrayEquals(
        new float[] {1 / 3f, 12, 99, 60, 199 / 5f, 156 / 5f},
        new float[] {
          fitted.mean()[0],
          fitted.mean()[1],
          fitted.mean()[2],
          fitted.mean()[3],
          fitted.mean()[4],
          fitted.mean()[5]
        },
        1e-5f);
    assertArrayEquals(
        new float[] {third, low, 1, 10},
        new float[] {fitted.scale()[0], fitted.scale()[1], fitted.scale()[2], fitted.scale()[3]},
        1e-5f);
  }

  @Test
  void aStepIsStandardisedByTheRegimeThatItIsIn() {
    Tensor window = new Tensor(new int[] {2, 2}, new float[] {0, 98, 12, 75});
    float[] values = preparation.apply(SCHEMA, fitted(), window);
    assertArrayEquals(
        new float[] {(float) (-1 / 3.0 / Math.sqrt(2.0 / 9)), -1, 0, 1.5f}, values, 1e-5f);
  }

  @Test
  void aRegimeThatWasNeverSeenTakesAllOthersTogether() {
    Tensor window = new Tensor(new int[] {2, 2}, new float[] {900, 900, 31.2f, Float.NaN});
    float[] values = preparation.apply(SCHEMA, fitted(), window);
    assertArrayEquals(new float[] {0, 0}, new float[] {values[2], values[3]}, 1e-5f);
  }
}
