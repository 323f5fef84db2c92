// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.baseline;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;

/** A task's document with some keys changed. */
public final class TaskChanges {
  private TaskChanges() {}

  /**
   * The task as YAML with changes and a seed.
   *
   * @param task its keys
   * @param changes a task's key in full, like {@code training.rate}, and its value; later ones win
   */
  public static String yaml(
      Map<String, Object> task, List<Map<String, Object>> changes, long seed) {
    Map<String, Object> changed = mapping(task);
    for (Map<String, Object> each : changes) {
      each.forEach((path, value) -> change(changed, path, value));
    }
    changed.put("seed", seed);
    return new Dump(DumpSettings.builder().build()).dumpToString(changed);
  }

  /** A copy with names as keys, in their order. */
  public static Map<String, Object> mapping(Object document) {
    Map<String, Object> mapping = new LinkedHashMap<>();
    ((Map<?, ?>) document).forEach((key, value) -> mapping.put(String.valueOf(key), value));
    return mapping;
  }

  private static void change(Map<String, Object> in, String path, Object value) {
    int dot = path.indexOf('.');
    if (dot < 0) {
      in.put(path, value);
      return;
    }
    String group = path.substring(0, dot);
    Map<String, Object> inner = mapping(in.getOrDefault(group, Map.of()));
    change(inner, path.substring(dot + 1), value);
    in.put(group, inner);
  }
}
