// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.quality;

import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.data.LabelSpec;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.data.Tensor;

/** Makes examples of rows and windows. */
final class Rows {
  private static final int FIFTHS = 5;

  private Rows() {}

  /**
   * An example.
   *
   * @param input of the schema's shape
   * @param label as a site's table would say it
   */
  static Example example(Schema schema, String serial, float[] input, String label, DataRole role) {
    LabelSpec spec = schema.label();
    double[] target =
        spec.read(label)
            .orElseThrow(
                () -> new IllegalArgumentException(serial + " has the unknown label " + label));
    return Example.of(spec, serial, new Tensor(schema.inputShape(), input), target, 1, role);
  }

  /** Of five in turn three train, one validates, one tests. */
  static DataRole inTurn(int number) {
    return switch (number % FIFTHS) {
      case 3 -> DataRole.VALIDATION;
      case 4 -> DataRole.TEST;
      default -> DataRole.TRAIN;
    };
  }

  /** The first three fifths train, the next validates, the last tests. */
  static DataRole inTime(int number, int of) {
    if (number * FIFTHS < 3 * of) {
      return DataRole.TRAIN;
    }
    return number * FIFTHS < 4 * of ? DataRole.VALIDATION : DataRole.TEST;
  }
}
