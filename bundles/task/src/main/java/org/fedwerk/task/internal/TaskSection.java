// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.task.internal;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.learn.TrainingSpec;
import org.fedwerk.api.task.LocalSpec;
import org.fedwerk.api.task.ModelSpec;
import org.fedwerk.api.task.RoundsSpec;
import org.fedwerk.api.task.StrategySpec;
import org.fedwerk.api.task.Task;

/** The keys of a task document, their bounds and defaults; bundles/task/README.md lists them. */
final class TaskSection {
  static final List<String> KEYS =
      List.of(
          "task",
          "owner",
          "purpose",
          "seed",
          "schema",
          "model",
          "training",
          "normalisation",
          "strategy",
          "local",
          "compression",
          "rounds",
          CostsSection.KEY,
          ThresholdSection.KEY,
          DriftSection.KEY,
          ContributionSection.KEY,
          "promotion",
          "rollout",
          "privacy",
          "egress",
          "retention");

  static final long SEED = 1;
  static final int LEAST_COUNT = 10;
  static final Duration RETENTION = Duration.ofDays(90);
  static final int PATIENCE = 10;
  static final Duration STALL = Duration.ofSeconds(30);

  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,39}");
  private static final String NAMES = "1 to 40 lower-case letters, digits and dashes";

  private TaskSection() {}

  static Task read(Mapping task) {
    String name = task.required("task", NAMES).map(value -> value.word(NAME, NAMES)).orElse("");
    String owner = sentence(task, "owner", 200, false, "who answers for the task");
    String purpose = sentence(task, "purpose", 2000, true, "what the model is for, in words");
    long seed = task.optional("seed").map(value -> value.whole(0, Long.MAX_VALUE)).orElse(SEED);
    Schema schema = SchemaSection.read(task.group("schema", SchemaSection.KEYS));
    ModelSpec model = ModelSection.read(task.group("model", ModelSection.KEYS), schema);
    Mapping trainingGroup = task.group("training", TrainingSection.KEYS);
    TrainingSpec training =
        LossSection.read(
            trainingGroup,
            schema.label(),
            ClassWeightsSection.read(
                trainingGroup, schema.label(), TrainingSection.read(trainingGroup)));
    String normalisation = choice(task, "normalisation", "site");
    RoundsSpec rounds =
        RoundsSection.read(task.group("rounds", RoundsSection.KEYS), schema.label());
    String privacy = choice(task, "privacy", "none");
    int leastCount =
        task.optionalGroup("egress", List.of("least-count"))
            .optional("least-count")
            .map(value -> (int) value.whole(1, 1_000_000))
            .orElse(LEAST_COUNT);
    StrategySpec strategy =
        StrategySection.read(task, schema.label(), training, rounds, leastCount);
    LocalSpec local = LocalSection.read(task, schema.label(), training, strategy, rounds);
    NormRule.check(task, model, strategy, local);
    Duration retention =
        task.optional("retention")
            .map(value -> value.duration(Duration.ZERO, Duration.ofDays(3650)))
            .orElse(RETENTION);
    return new Task(
        name,
        owner,
        purpose,
        schema,
        model,
        training,
        normalisation,
        strategy,
        rounds,
        privacy,
        leastCount,
        retention,
        seed,
        PromotionSection.read(task, schema.label(), rounds.metric(), leastCount),
        local,
        CompressionSection.read(task, local, strategy, rounds),
        CostsSection.read(task, schema.label()),
        ThresholdSection.read(task, schema.label()),
        DriftSection.read(task, schema, rounds, leastCount),
        ContributionSection.read(task, local));
  }

  private static String sentence(
      Mapping task, String key, int most, boolean lineBreaks, String description) {
    return task.required(key, description)
        .map(
            value -> {
              String text = value.text(most, lineBreaks);
              if (value.isEmptyText()) {
                value.refuse("is empty; give " + description);
              }
              return text.strip();
            })
        .orElse("");
  }

  /** One of a few words; the first is the default. */
  static String choice(Mapping group, String key, String... allowed) {
    return group.optional(key).map(value -> value.choice(List.of(allowed))).orElse(allowed[0]);
  }
}
