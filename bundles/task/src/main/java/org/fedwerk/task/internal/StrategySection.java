// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.task.internal;

import java.util.List;
import java.util.Locale;
import java.util.function.DoublePredicate;
import org.fedwerk.api.data.LabelSpec;
import org.fedwerk.api.learn.TrainingSpec;
import org.fedwerk.api.task.RoundsSpec;
import org.fedwerk.api.task.StrategySpec;
import org.fedwerk.api.task.StrategySpec.Server;
import org.fedwerk.api.task.StrategySpec.Weights;

/** How updates become the next model, with what must fit together. */
final class StrategySection {
  private static final String AGGREGATOR = "aggregator";
  private static final String WEIGHTS = "weights";
  private static final String CAP = "weight-cap";
  private static final String FAIRNESS = "q";
  private static final String OPTIMIZER = "optimizer";
  private static final String RATE = "rate";
  private static final String BETA1 = "beta1";
  private static final String BETA2 = "beta2";
  private static final String TAU = "tau";
  private static final List<String> KEYS =
      List.of(AGGREGATOR, WEIGHTS, CAP, FAIRNESS, OPTIMIZER, RATE, BETA1, BETA2, TAU);

  private static final String QFEDAVG = "qfedavg";
  private static final String FEDNOVA = "fednova";
  private static final String FEDAVGM = "fedavgm";
  private static final String FEDADAGRAD = "fedadagrad";

  private StrategySection() {}

  /** Reads the group, which may be left out. */
  static StrategySpec read(
      Mapping task, LabelSpec label, TrainingSpec training, RoundsSpec rounds, int leastCount) {
    Mapping group = task.optionalGroup("strategy", KEYS);
    String aggregator = TaskSection.choice(group, AGGREGATOR, "fedavg", FEDNOVA, QFEDAVG);
    String weights = TaskSection.choice(group, WEIGHTS, "samples", "capped", "uniform", "balance");
    StrategySpec spec =
        new StrategySpec(
            aggregator,
            Weights.valueOf(weights.toUpperCase(Locale.ROOT)),
            cap(group, weights),
            fairness(group, aggregator),
            server(group));
    if (group.sound(AGGREGATOR, WEIGHTS, OPTIMIZER)) {
      if (spec.weights() == Weights.BALANCE && !label.isClass()) {
        group.refuse(
            WEIGHTS, "balance is for labels of one class, not schema.label.kind " + label.kind());
      }
      together(group, spec, training, rounds);
      told(group, spec, rounds, leastCount);
    }
    return spec;
  }

  private static double cap(Mapping group, String weights) {
    boolean capped = weights.equals("capped");
    if (!capped && group.optional(CAP).isPresent() && group.sound(WEIGHTS)) {
      group.refuse(CAP, "needs weights: capped");
    }
    String description = "the largest share of one site, a number above 0, at most 1";
    if (capped && group.sound(WEIGHTS)) {
      group.required(CAP, description);
    }
    return number(group, CAP, description, x -> x > 0 && x <= 1, 1);
  }

  private static double fairness(Mapping group, String aggregator) {
    boolean fair = aggregator.equals(QFEDAVG);
    if (!fair && group.optional(FAIRNESS).isPresent() && group.sound(AGGREGATOR)) {
      group.refuse(FAIRNESS, "needs aggregator: qfedavg");
    }
    return number(group, FAIRNESS, "a number from 0 to 20", x -> x >= 0 && x <= 20, fair ? 1 : 0);
  }

  private static Server server(Mapping group) {
    String optimizer =
        TaskSection.choice(group, OPTIMIZER, "none", FEDAVGM, FEDADAGRAD, "fedadam", "fedyogi");
    boolean none = optimizer.equals("none");
    boolean averages = optimizer.equals(FEDAVGM);
    boolean sums = optimizer.equals(FEDADAGRAD);
    if (group.sound(OPTIMIZER)) {
      unless(
          !none, group, "needs an optimizer: fedavgm, fedadagrad, fedadam or fedyogi", RATE, BETA1);
      unless(!none && !averages, group, "is for fedadagrad, fedadam and fedyogi", TAU);
      unless(!none && !averages && !sums, group, "is for fedadam and fedyogi", BETA2);
      if (!none && !averages) {
        group.required(RATE, "the server's learning rate, a number above 0, at most 10");
      }
    }
    DoublePredicate decay = x -> x >= 0 && x < 1;
    String decays = "a number from 0 to below 1";
    double rate = number(group, RATE, "a number above 0, at most 10", x -> x > 0 && x <= 10, 1);
    double beta1 = number(group, BETA1, decays, decay, none || sums ? 0 : 0.9);
    double beta2 = number(group, BETA2, decays, decay, none || averages || sums ? 0 : 0.99);
    double tau =
        number(
            group,
            TAU,
            "a number above 0, at most 1",
            x -> x > 0 && x <= 1,
            none || averages ? 0 : 1e-3);
    return new Server(optimizer, rate, beta1, beta2, tau);
  }

  private static void unless(boolean used, Mapping group, String what, String... keys) {
    for (String key : keys) {
      if (!used && group.optional(key).isPresent()) {
        group.refuse(key, what);
      }
    }
  }

  private static double number(
      Mapping group, String key, String description, DoublePredicate allowed, double standard) {
    return group
        .optional(key)
        .map(value -> value.number(description, allowed, standard))
        .orElse(standard);
  }

  private static void together(
      Mapping group, StrategySpec spec, TrainingSpec training, RoundsSpec rounds) {
    boolean nova = spec.aggregator().equals(FEDNOVA);
    boolean fair = spec.aggregator().equals(QFEDAVG);
    if (nova && !training.optimizer().equals("sgd")) {
      group.refuse(
          AGGREGATOR,
          "fednova does not go with training.optimizer: "
              + training.optimizer()
              + ", whose steps do not add up gradients; use sgd, or fedavg");
    }
    if (nova && training.rate() * training.proximal() >= 1) {
      group.refuse(
          AGGREGATOR,
          "fednova needs training.rate times training.proximal below 1, or steps cancel each"
              + " other");
    }
    if (fair && spec.server().isOptimizing()) {
      group.refuse(
          OPTIMIZER,
          spec.server().optimizer()
              + " does not go with aggregator: qfedavg, which chooses its own step");
    }
    if (fair && spec.weights() != Weights.SAMPLES) {
      group.refuse(
          WEIGHTS, "does not go with aggregator: qfedavg, where the losses weigh; leave it out");
    }
    if (fair && rounds.late().keeps()) {
      group.refuse(
          AGGREGATOR,
          "qfedavg does not go with late updates, whose losses are those of older models; use"
              + " rounds.late: drop");
    }
  }

  /** A site tells no number over few examples, and its update would be refused without it. */
  private static void told(Mapping group, StrategySpec spec, RoundsSpec rounds, int leastCount) {
    boolean byRule = !spec.aggregator().equals("fedavg");
    boolean byWeights = spec.weights() == Weights.BALANCE;
    if ((byRule || byWeights) && rounds.examplesLeast() < leastCount) {
      group.refuse(
          byRule ? AGGREGATOR : WEIGHTS,
          (byRule ? spec.aggregator() : "balance")
              + " needs rounds.examples-least of at least egress.least-count, "
              + leastCount
              + ": a site of fewer examples would not tell what the rule asks for");
    }
  }
}
