// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.quality;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fedwerk.sim.baseline.TaskChanges;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * A set's task file: a task, and behind a line of three dashes how it is measured. A change is a
 * task's key in full, like {@code training.rate}, and its value.
 *
 * @param task keys of the task
 * @param metric what is reported, one of the task's metrics
 * @param union true if it is taken of the sites' counts together, false for the mean over sites
 * @param configurations the six that every column is tuned over, or fewer if the plan says why, as
 *     changes
 * @param seeds with how many seeds what was chosen is run
 * @param discriminant true to print a plain linear discriminant on the pooled parts, too
 * @param methods by name the changes that make a federation of that method
 * @param aims what is aimed at
 * @param note what there is to say about the figures, for the report; empty if nothing
 */
record Plan(
    Map<String, Object> task,
    String metric,
    boolean union,
    List<Map<String, Object>> configurations,
    int seeds,
    boolean discriminant,
    Map<String, Map<String, Object>> methods,
    List<Aim> aims,
    String note) {
  /** The method that is the task as it is. */
  static final String PLAIN = "fedavg";

  private static final int CONFIGURATIONS = 6;

  /** Says why a plan has fewer. */
  private static final String FEW = "few-configurations";

  /**
   * A bound on a column.
   *
   * @param column what it is about
   * @param of the column that it is compared with; empty for a bound by itself
   * @param least true if the column must be at least that
   * @param bound value, or difference or ratio to the other column
   * @param ratio true if the other column is multiplied by the bound, false if it is added
   */
  record Aim(String column, String of, boolean least, double bound, boolean ratio) {}

  /** Reads a file. */
  static Plan read(Path file) throws IOException {
    List<Map<String, Object>> documents = new ArrayList<>();
    LoadSettings settings = LoadSettings.builder().setLabel(file.toString()).build();
    for (Object each : new Load(settings).loadAllFromString(Files.readString(file))) {
      documents.add(mapping(each));
    }
    if (documents.size() != 2) {
      throw new IOException(file + " has not a task and, behind ---, how it is measured");
    }
    Map<String, Object> measured = documents.get(1);
    List<Map<String, Object>> configurations = new ArrayList<>();
    for (Object each : (List<?>) value(measured, "configurations")) {
      configurations.add(mapping(each));
    }
    int least = measured.containsKey(FEW) ? 1 : CONFIGURATIONS;
    if (configurations.size() < least || configurations.size() > CONFIGURATIONS) {
      throw new IOException(
          file + " has " + configurations.size() + " configurations, not " + CONFIGURATIONS);
    }
    Map<String, Map<String, Object>> methods = new LinkedHashMap<>();
    methods.put(PLAIN, Map.of());
    mapping(value(measured, "methods"))
        .forEach((name, changes) -> methods.put(name, mapping(changes)));
    List<Aim> aims = new ArrayList<>();
    for (Object each : (List<?>) measured.getOrDefault("aims", List.of())) {
      aims.add(aim(mapping(each)));
    }
    return new Plan(
        documents.get(0),
        String.valueOf(value(measured, "metric")),
        "union".equals(measured.get("of")),
        configurations,
        ((Number) measured.getOrDefault("seeds", Bench.SEEDS)).intValue(),
        Boolean.TRUE.equals(measured.get("discriminant")),
        methods,
        aims,
        String.valueOf(measured.getOrDefault("note", "")).strip());
  }

  private static Aim aim(Map<String, Object> aim) {
    boolean least = aim.containsKey("least");
    double bound = ((Number) value(aim, least ? "least" : "most")).doubleValue();
    String times = String.valueOf(aim.getOrDefault("times", ""));
    String plus = String.valueOf(aim.getOrDefault("plus", ""));
    return new Aim(
        String.valueOf(value(aim, "column")), times + plus, least, bound, !times.isEmpty());
  }

  private static Object value(Map<String, Object> mapping, String key) {
    Object value = mapping.get(key);
    if (value == null) {
      throw new IllegalArgumentException(key + " is missing; there are " + mapping.keySet());
    }
    return value;
  }

  private static Map<String, Object> mapping(Object document) {
    return TaskChanges.mapping(document);
  }

  /** The task as YAML with changes and a seed. */
  String yaml(List<Map<String, Object>> changes, long seed) {
    return TaskChanges.yaml(task, changes, seed);
  }
}
