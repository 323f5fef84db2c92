// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.task.internal;

import java.util.List;
import java.util.Optional;
import org.fedwerk.api.data.LabelSpec;
import org.fedwerk.api.learn.TrainingSpec;

/** The loss that goes with what is learned, and what of the training does not. */
final class LossSection {
  static final String KEY = "loss";

  private LossSection() {}

  static TrainingSpec read(Mapping training, LabelSpec label, TrainingSpec read) {
    List<String> allowed =
        switch (label.target().kind()) {
          case CLASS -> List.of(TrainingSpec.CROSS_ENTROPY);
          case CLASSES -> List.of(TrainingSpec.BINARY_CROSS_ENTROPY);
          case VALUE -> TrainingSpec.OF_NUMBERS;
          case ANOMALY -> TrainingSpec.OF_NUMBERS.subList(0, 1);
        };
    Optional<Value> given = training.optional(KEY);
    String kind = "schema.label.kind " + label.kind();
    String loss =
        given
            .map(
                value ->
                    value.choice(allowed, String.join(" or ", allowed) + ", which go with " + kind))
            .orElse(allowed.get(0));
    if (!label.isClass() && read.focal() != 0) {
      training.refuse("focal", "does not go with " + kind + "; leave it out");
    }
    return read.withLoss(loss);
  }
}
