// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.prototype;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.learn.TrainingSpec;
import org.fedwerk.api.task.Task;
import org.fedwerk.sim.baseline.TaskChanges;
import org.fedwerk.task.internal.YamlTaskReader;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * The configurations that every column tries, as documents of the task.
 *
 * @param task keys of the task
 * @param changes of each configuration, a task's key in full and its value
 */
record Configurations(Map<String, Object> task, List<Map<String, Object>> changes) {
  /** What concerns models in use, not how well they learn. */
  private static final List<String> OF_USE =
      List.of("promotion", "rollout", "drift", "contribution");

  private static final double[] RATES = {1, 1 / 3.0, 3};
  private static final int[] EPOCHS = {1, 2};
  private static final double MOST_RATE = 10;
  private static final int MOST_EPOCHS = 1000;
  private static final int MOST = 24;

  /**
   * Of a task that was read from the text, and a file.
   *
   * @throws RefusedException if the file is no list of changes, or a changed task is refused; the
   *     message names the configuration
   */
  static Configurations read(Task task, String yaml, Optional<Path> file) throws RefusedException {
    LoadSettings settings = LoadSettings.builder().setLabel("task").build();
    Map<String, Object> keys = TaskChanges.mapping(new Load(settings).loadFromString(yaml));
    OF_USE.forEach(keys::remove);
    List<Map<String, Object>> changes = file.isPresent() ? listed(file.get()) : usual(task);
    Configurations all = new Configurations(keys, changes);
    for (int i = 0; i < changes.size(); i++) {
      try {
        all.task(i, task.seed());
      } catch (RefusedException refused) {
        throw new RefusedException(
            file.map(Path::toString).orElse("configurations"),
            "configuration " + (i + 1) + " " + changes.get(i) + " is refused: " + what(refused));
      }
    }
    return all;
  }

  /** Lines would be those of a document that nobody wrote. */
  private static String what(RefusedException refused) {
    return refused.refusals().get(0).where() + ": " + refused.refusals().get(0).what();
  }

  private static List<Map<String, Object>> usual(Task task) {
    TrainingSpec training = task.training();
    List<Map<String, Object>> changes = new ArrayList<>();
    for (int epochs : EPOCHS) {
      for (double rate : RATES) {
        Map<String, Object> change = new LinkedHashMap<>();
        change.put("training.rate", Math.min(MOST_RATE, training.rate() * rate));
        change.put("training.epochs", Math.min(MOST_EPOCHS, training.epochs() * epochs));
        changes.add(change);
      }
    }
    return changes;
  }

  private static List<Map<String, Object>> listed(Path file) throws RefusedException {
    Object document;
    try {
      LoadSettings settings =
          LoadSettings.builder().setLabel(file.getFileName().toString()).build();
      document = new Load(settings).loadFromString(Files.readString(file));
    } catch (IOException unreadable) {
      throw new RefusedException(
          file.toString(), "cannot be read (" + unreadable.getClass().getSimpleName() + ")");
    } catch (YamlEngineException malformed) {
      throw new RefusedException(file.toString(), "is no YAML: " + malformed.getMessage());
    }
    List<Map<String, Object>> changes = new ArrayList<>();
    if (document instanceof List<?> list) {
      for (Object each : list) {
        if (each instanceof Map<?, ?> change) {
          changes.add(TaskChanges.mapping(change));
        }
      }
      if (changes.size() == list.size() && !changes.isEmpty() && changes.size() <= MOST) {
        return changes;
      }
    }
    throw new RefusedException(
        file.toString(),
        "is no list of 1 to "
            + MOST
            + " configurations; write one a line, like - {training.rate: 0.1, training.epochs: 2}");
  }

  int count() {
    return changes.size();
  }

  /** A configuration's document. */
  String yaml(int configuration, long seed) {
    return TaskChanges.yaml(task, List.of(changes.get(configuration)), seed);
  }

  /** A configuration as a task. */
  Task task(int configuration, long seed) throws RefusedException {
    return new YamlTaskReader().read(yaml(configuration, seed)).task();
  }

  /** What a configuration changes, to be shown. */
  Map<String, String> shown(int configuration) {
    Map<String, String> shown = new LinkedHashMap<>();
    changes.get(configuration).forEach((key, value) -> shown.put(key, String.valueOf(value)));
    return shown;
  }
}
