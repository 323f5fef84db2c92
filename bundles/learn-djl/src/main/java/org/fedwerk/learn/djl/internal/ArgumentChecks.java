// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.djl.internal;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.learn.LayoutEntry;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.learn.TrainingGuide;
import org.fedwerk.api.learn.TrainingSpec;

/** Refuses arguments before they reach native code, which would answer less clearly. */
final class ArgumentChecks {
  private static final List<String> OPTIMIZERS = List.of(MomentumSgd.NAME, "adam", "adamw");

  private ArgumentChecks() {}

  static int inputSize(Network network) {
    return Arrays.stream(network.inputShape()).reduce(1, Math::multiplyExact);
  }

  static void guide(Network network, TrainingGuide guide) {
    for (float[] vector : new float[][] {guide.anchor(), guide.correction()}) {
      if (vector != null) {
        vector(network, vector);
      }
    }
    Set<String> known =
        network.layout().entries().stream().map(LayoutEntry::name).collect(Collectors.toSet());
    require(
        known.containsAll(guide.entries()),
        "the layout has no entries " + guide.entries() + ", it has " + known);
    require(
        !guide.balancedSampling() || network.head() == Network.Head.SOFTMAX,
        "local.sampling = balanced is for labels that are one class");
    if (guide.validation() != null) {
      values(network, guide.validation().count(), guide.validation().values());
      require(guide.patience() >= 1, "patience = " + guide.patience() + " must be at least 1");
    }
  }

  static void vector(Network network, float[] vector) {
    require(
        vector.length == network.layout().size(),
        "the vector has " + vector.length + " values, the layout " + network.layout().size());
  }

  static void values(Network network, int count, float[] values) {
    require(count >= 1, "there is no example");
    require(
        values.length == (long) count * inputSize(network),
        count + " examples of " + inputSize(network) + " values each, but got " + values.length);
  }

  static void training(Network network, TrainingSpec spec, LabelledInputs inputs, float[] start) {
    require(
        OPTIMIZERS.contains(spec.optimizer()),
        "training.optimizer = " + spec.optimizer() + " is not known; known are " + OPTIMIZERS);
    require(
        spec.rate() > 0 && Double.isFinite(spec.rate()),
        "training.rate = " + spec.rate() + " must be above 0");
    require(
        spec.momentum() >= 0 && spec.momentum() < 1,
        "training.momentum = " + spec.momentum() + " must be 0 to below 1");
    require(spec.batch() >= 1, "training.batch = " + spec.batch() + " must be at least 1");
    require(spec.epochs() >= 1, "training.epochs = " + spec.epochs() + " must be at least 1");
    require(
        spec.momentum() == 0 || spec.optimizer().equals(MomentumSgd.NAME),
        "training.momentum is for sgd, adam has its own");
    require(fromZero(spec.decay()), "training.decay = " + spec.decay() + " must be from 0");
    require(
        fromZero(spec.proximal()), "training.proximal = " + spec.proximal() + " must be from 0");
    require(
        spec.focal() == 0 || spec.focal() >= 1 && Double.isFinite(spec.focal()),
        "training.focal = " + spec.focal() + " must be 0 or from 1");
    vector(network, start);
    values(network, inputs.count(), inputs.values());
    labels(network, spec, inputs);
  }

  private static void labels(Network network, TrainingSpec spec, LabelledInputs inputs) {
    require(
        losses(network.head()).contains(spec.loss()),
        "training.loss = " + spec.loss() + " is not one of " + losses(network.head()));
    if (network.head() != Network.Head.SOFTMAX) {
      require(
          !spec.weighsClasses() && spec.focal() == 0,
          "training.class-weights and training.focal are for labels that are one class");
      require(
          inputs.targets().length == (long) inputs.count() * network.outputs(),
          inputs.count() + " examples but " + inputs.targets().length + " targets");
      return;
    }
    weights(network, spec);
    require(
        inputs.classes().length == inputs.count(),
        inputs.count() + " examples but " + inputs.classes().length + " classes");
    for (int k : inputs.classes()) {
      require(
          k >= 0 && k < network.outputs(),
          "class index " + k + " is beyond the " + network.outputs() + " outputs");
    }
  }

  private static void weights(Network network, TrainingSpec spec) {
    List<Double> weights = spec.classWeights();
    require(
        weights.isEmpty() || weights.size() == network.outputs() && !spec.balanced(),
        "training.class-weights has "
            + weights.size()
            + " weights for "
            + network.outputs()
            + " classes, or stands beside balanced");
    require(
        weights.stream().allMatch(ArgumentChecks::fromZero),
        "training.class-weights = " + weights + " must be from 0");
  }

  private static List<String> losses(Network.Head head) {
    return switch (head) {
      case SOFTMAX -> List.of(TrainingSpec.CROSS_ENTROPY);
      case SIGMOID -> List.of(TrainingSpec.BINARY_CROSS_ENTROPY);
      case IDENTITY -> TrainingSpec.OF_NUMBERS;
      case RECONSTRUCTION -> TrainingSpec.OF_NUMBERS.subList(0, 1);
    };
  }

  private static boolean fromZero(double value) {
    return value >= 0 && Double.isFinite(value);
  }

  private static void require(boolean met, String what) {
    if (!met) {
      throw new IllegalArgumentException(what);
    }
  }
}
