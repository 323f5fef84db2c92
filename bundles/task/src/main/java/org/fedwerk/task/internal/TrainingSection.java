// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.task.internal;

import java.util.List;
import org.fedwerk.api.learn.TrainingSpec;

/** How a site trains, with what must fit together. */
final class TrainingSection {
  static final List<String> KEYS =
      List.of(
          "optimizer",
          "rate",
          "momentum",
          "batch",
          "epochs",
          ClassWeightsSection.KEY,
          "decay",
          "proximal",
          "focal",
          LossSection.KEY);

  private TrainingSection() {}

  static TrainingSpec read(Mapping training) {
    String optimizer = TaskSection.choice(training, "optimizer", "sgd", "adam", "adamw");
    String rates = "a number above 0, at most 10";
    double rate =
        training
            .required("rate", "the learning rate, " + rates)
            .map(value -> value.number(rates, x -> x > 0 && x <= 10, 0.1))
            .orElse(0.1);
    double momentum =
        training
            .optional("momentum")
            .map(value -> value.number("a number from 0 to below 1", x -> x >= 0 && x < 1, 0))
            .orElse(0.0);
    if (momentum > 0 && !optimizer.equals("sgd") && training.sound("optimizer", "momentum")) {
      training.refuse("momentum", "is for sgd; " + optimizer + " has its own, leave it out");
    }
    int batch =
        training
            .required("batch", "the number of examples per step")
            .map(value -> (int) value.whole(1, 65_536))
            .orElse(1);
    int epochs = training.optional("epochs").map(value -> (int) value.whole(1, 1000)).orElse(1);
    double decay =
        training
            .optional("decay")
            .map(value -> value.number("a number from 0 to 1", x -> x >= 0 && x <= 1, 0))
            .orElse(0.0);
    double proximal =
        training
            .optional("proximal")
            .map(value -> value.number("a number from 0 to 100", x -> x >= 0 && x <= 100, 0))
            .orElse(0.0);
    double focal =
        training
            .optional("focal")
            .map(value -> value.number("0, or a number from 1 to 5", TrainingSection::isGamma, 0))
            .orElse(0.0);
    return new TrainingSpec(
        optimizer, rate, momentum, batch, epochs, false, decay, proximal, focal);
  }

  /** Between 0 and 1 the gradient has no bound where an example is certain. */
  private static boolean isGamma(double gamma) {
    return gamma == 0 || gamma >= 1 && gamma <= 5;
  }
}
