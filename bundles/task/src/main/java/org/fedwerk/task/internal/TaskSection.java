// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.task.internal;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.learn.TrainingSpec;
import org.fedwerk.api.task.ModelSpec;
import org.fedwerk.api.task.RoundsSpec;
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
          "rounds",
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
    ModelSpec model = model(task.group("model", List.of("architecture", "hidden")));
    TrainingSpec training =
        training(
            task.group(
                "training",
                List.of("optimizer", "rate", "momentum", "batch", "epochs", "class-weights")));
    String normalisation = choice(task, "normalisation", "site");
    String aggregator =
        choice(task.optionalGroup("strategy", List.of("aggregator")), "aggregator", "fedavg");
    RoundsSpec rounds = RoundsSection.read(task.group("rounds", RoundsSection.KEYS));
    String privacy = choice(task, "privacy", "none");
    int leastCount =
        task.optionalGroup("egress", List.of("least-count"))
            .optional("least-count")
            .map(value -> (int) value.whole(1, 1_000_000))
            .orElse(LEAST_COUNT);
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
        aggregator,
        rounds,
        privacy,
        leastCount,
        retention,
        seed,
        PromotionSection.read(task, rounds.metric(), leastCount));
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

  private static ModelSpec model(Mapping model) {
    String architecture =
        model
            .required("architecture", "mlp")
            .map(value -> value.choice(List.of("mlp")))
            .orElse("mlp");
    List<Integer> hidden =
        model
            .required("hidden", "the sizes of the hidden layers, [] for none")
            .map(value -> value.items(0, 8, "layers"))
            .orElse(List.of())
            .stream()
            .map(value -> (int) value.whole(1, 4096))
            .toList();
    return new ModelSpec(architecture, hidden);
  }

  private static TrainingSpec training(Mapping training) {
    String optimizer = choice(training, "optimizer", "sgd");
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
    int batch =
        training
            .required("batch", "the number of examples per step")
            .map(value -> (int) value.whole(1, 65_536))
            .orElse(1);
    int epochs = training.optional("epochs").map(value -> (int) value.whole(1, 1000)).orElse(1);
    String weights = choice(training, "class-weights", "none", "balanced");
    return new TrainingSpec(optimizer, rate, momentum, batch, epochs, weights.equals("balanced"));
  }

  /** One of a few words; the first is the default. */
  static String choice(Mapping group, String key, String... allowed) {
    return group.optional(key).map(value -> value.choice(List.of(allowed))).orElse(allowed[0]);
  }
}
