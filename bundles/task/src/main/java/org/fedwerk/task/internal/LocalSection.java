// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.task.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.fedwerk.api.data.LabelSpec;
import org.fedwerk.api.learn.TrainingSpec;
import org.fedwerk.api.task.LocalSpec;
import org.fedwerk.api.task.LocalSpec.FineTune;
import org.fedwerk.api.task.LocalSpec.Split;
import org.fedwerk.api.task.RoundsSpec;
import org.fedwerk.api.task.StrategySpec;

/** What sites do beside plain training, with what must fit together. */
final class LocalSection {
  private static final String SCAFFOLD = "scaffold";
  private static final String LAYERS = "layers";
  private static final String HEAD_EPOCHS = "head-epochs";
  private static final String DITTO = "ditto";
  private static final String PATIENCE = "patience";
  private static final String SAMPLING = "sampling";
  private static final String FINE_TUNE = "fine-tune";
  private static final String CLUSTERS = "clusters";
  private static final String SPLIT = "split";
  private static final List<String> KEYS =
      List.of(SCAFFOLD, LAYERS, HEAD_EPOCHS, DITTO, PATIENCE, SAMPLING, FINE_TUNE, CLUSTERS, SPLIT);
  private static final int MOST_CLUSTERS = 16;
  private static final int TUNED_EPOCHS = 5;
  private static final double SPLIT_MEAN = 0.4;
  private static final double SPLIT_LARGEST = 0.4;
  private static final Pattern LAYER = Pattern.compile("[a-z][a-z0-9.]{0,39}");

  private LocalSection() {}

  /** Reads the group, which may be left out. */
  static LocalSpec read(
      Mapping task,
      LabelSpec label,
      TrainingSpec training,
      StrategySpec strategy,
      RoundsSpec rounds) {
    Mapping group = task.optionalGroup("local", KEYS);
    boolean scaffold = TaskSection.choice(group, SCAFFOLD, "off", "on").equals("on");
    List<String> layers = new ArrayList<>();
    for (Value layer :
        group.optional(LAYERS).map(list -> list.items(1, 64, "layers")).orElse(List.of())) {
      layers.add(layer.word(LAYER, "the name of a layer, as fedwerk:task-submit --dry-run shows"));
    }
    int headEpochs = group.optional(HEAD_EPOCHS).map(value -> (int) value.whole(0, 1000)).orElse(0);
    double ditto =
        group
            .optional(DITTO)
            .map(value -> value.number("a number from 0 to 100", x -> x >= 0 && x <= 100, 0))
            .orElse(0.0);
    int patience = group.optional(PATIENCE).map(value -> (int) value.whole(0, 1000)).orElse(0);
    boolean balanced =
        TaskSection.choice(group, SAMPLING, "shuffled", "balanced").equals("balanced");
    FineTune fineTune = group.optional(FINE_TUNE).map(LocalSection::fineTune).orElse(FineTune.NONE);
    int clusters =
        group.optional(CLUSTERS).map(value -> (int) value.whole(1, MOST_CLUSTERS)).orElse(1);
    Optional<Split> split = group.optional(SPLIT).map(LocalSection::split);
    LocalSpec spec =
        new LocalSpec(
            scaffold, layers, headEpochs, ditto, patience, balanced, fineTune, clusters, split);
    if (split.isPresent() && !spec.isClustered() && group.sound(CLUSTERS)) {
      group.refuse(SPLIT, "needs clusters: 2 or more, the most models that come to be");
    }
    if (spec.isClustered()) {
      clusters(group, label, strategy, rounds, spec);
    }
    if (spec.isDitto() && fineTune.isOn()) {
      group.refuse(FINE_TUNE, "does not go with ditto, whose personal model is deployed");
    }
    if (scaffold) {
      scaffold(group, training, strategy, rounds, spec);
    }
    if (headEpochs > 0 && layers.isEmpty() && group.sound(LAYERS)) {
      group.refuse(HEAD_EPOCHS, "needs layers, the ones that are trained alone first");
    }
    if (spec.isDitto() && !layers.isEmpty()) {
      group.refuse(DITTO, "does not go with layers: the personal model has all of its own");
    }
    if (spec.isPersonal() && rounds.late().keeps()) {
      group.refuse(
          spec.isDitto() ? DITTO : LAYERS,
          "does not go with late updates, for what stays at the site belongs to a round; use"
              + " rounds.late: drop");
    }
    if (patience > 0 && strategy.aggregator().equals("fednova")) {
      group.refuse(
          PATIENCE,
          "does not go with strategy.aggregator: fednova, which counts steps that patience takes"
              + " back");
    }
    if (balanced && !label.isClass()) {
      group.refuse(
          SAMPLING, "balanced is for labels of one class, not schema.label.kind " + label.kind());
    }
    if (balanced && training.weighsClasses()) {
      group.refuse(
          SAMPLING,
          "balanced does not go with training.class-weights"
              + (training.balanced() ? ": balanced" : "")
              + "; use one of them");
    }
    return spec;
  }

  private static FineTune fineTune(Value value) {
    Mapping group = value.mapping(List.of("layers", "epochs", "rate"));
    String rates = "a number above 0, at most 10";
    return new FineTune(
        group
            .required("layers", "how many layers from the last are fine-tuned")
            .map(layers -> (int) layers.whole(1, 64))
            .orElse(1),
        group.optional("epochs").map(epochs -> (int) epochs.whole(1, 1000)).orElse(TUNED_EPOCHS),
        group
            .required("rate", "the learning rate, " + rates)
            .map(rate -> rate.number(rates, x -> x > 0 && x <= 10, 0.1))
            .orElse(0.1));
  }

  private static Split split(Value value) {
    Mapping group = value.mapping(List.of("mean", "largest", "similarity"));
    String parts = "a number above 0, at most 1";
    String cosines = "a cosine, a number above -1, at most 1";
    return new Split(
        group
            .optional("mean")
            .map(part -> part.number(parts, x -> x > 0 && x <= 1, 1))
            .orElse(SPLIT_MEAN),
        group
            .optional("largest")
            .map(part -> part.number(parts, x -> x > 0 && x <= 1, 1))
            .orElse(SPLIT_LARGEST),
        group
            .optional("similarity")
            .map(cosine -> cosine.number(cosines, x -> x > -1 && x <= 1, 0))
            .orElse(0.0));
  }

  private static void clusters(
      Mapping group, LabelSpec label, StrategySpec strategy, RoundsSpec rounds, LocalSpec spec) {
    String with = "does not go with ";
    if (label.isAnomaly()) {
      group.refuse(CLUSTERS, with + "schema.label.kind: anomaly");
    }
    if (spec.scaffold()) {
      group.refuse(CLUSTERS, with + "scaffold, whose control variates are of one model");
    }
    if (spec.isDitto()) {
      group.refuse(CLUSTERS, with + "ditto, whose personal model is pulled to one model");
    }
    if (!spec.layers().isEmpty()) {
      group.refuse(CLUSTERS, with + "layers: a site's own ones would belong to another model");
    }
    if (!strategy.aggregator().equals("fedavg")) {
      group.refuse(CLUSTERS, with + "strategy.aggregator: " + strategy.aggregator());
    }
    if (strategy.server().isOptimizing()) {
      group.refuse(CLUSTERS, with + "strategy.optimizer: " + strategy.server().optimizer());
    }
    if (rounds.late().keeps()) {
      group.refuse(CLUSTERS, with + "late updates; use rounds.late: drop");
    }
  }

  private static void scaffold(
      Mapping group,
      TrainingSpec training,
      StrategySpec strategy,
      RoundsSpec rounds,
      LocalSpec spec) {
    String with = "does not go with ";
    if (!training.optimizer().equals("sgd") || training.momentum() > 0) {
      group.refuse(
          SCAFFOLD,
          with
              + "training.optimizer: "
              + training.optimizer()
              + (training.momentum() > 0 ? " with momentum" : "")
              + "; its control variates are mean gradients of plain sgd");
    }
    if (training.proximal() > 0) {
      group.refuse(SCAFFOLD, with + "training.proximal; both hold the drift of sites, use one");
    }
    if (!strategy.aggregator().equals("fedavg")) {
      group.refuse(SCAFFOLD, with + "strategy.aggregator: " + strategy.aggregator());
    }
    if (strategy.server().isOptimizing()) {
      group.refuse(SCAFFOLD, with + "strategy.optimizer: " + strategy.server().optimizer());
    }
    if (rounds.late().keeps()) {
      group.refuse(SCAFFOLD, with + "late updates, whose control variates are of older models");
    }
    if (spec.patience() > 0) {
      group.refuse(
          SCAFFOLD, with + "patience, which takes back steps that the control variates count");
    }
  }
}
