// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.task.internal;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** A group of keys. Unknown and repeated keys are refused as soon as it is looked at. */
final class Mapping {
  private final String path;
  private final int line;
  private final Refusals refusals;
  private final Map<String, Value> values = new HashMap<>();

  /** Known keys that are not asked for again, because a misspelt one stands for them. */
  private final Set<String> excused = new HashSet<>();

  private final boolean present;

  Mapping(MappingNode node, String path, List<String> known, Refusals refusals) {
    this.path = path;
    this.line = Value.line(node);
    this.refusals = refusals;
    this.present = true;
    Map<String, Integer> lines = new HashMap<>();
    for (NodeTuple tuple : node.getValue()) {
      Node keyNode = tuple.getKeyNode();
      int keyLine = Value.line(keyNode);
      if (!(keyNode instanceof ScalarNode scalar)) {
        refusals.add(path.isEmpty() ? "document" : path, keyLine, "a key must be a word");
        continue;
      }
      String key = scalar.getValue();
      Integer first = lines.putIfAbsent(key, keyLine);
      if (!known.contains(key)) {
        unknown(key, keyLine, known);
      } else if (first != null) {
        excused.add(key);
        refusals.add(child(key), keyLine, "stands twice, first on line " + first + "; keep one");
      } else if (tuple.getValueNode().getTag().equals(Tag.NULL)) {
        excused.add(key);
        refusals.add(child(key), keyLine, "has no value; write one or leave the key out");
      } else {
        values.put(key, new Value(tuple.getValueNode(), child(key), refusals));
      }
    }
  }

  private Mapping(String path, int line, Refusals refusals) {
    this.path = path;
    this.line = line;
    this.refusals = refusals;
    this.present = false;
  }

  /** Stands for a group that is missing or no group; asks for nothing, as that is refused. */
  static Mapping absent(String path, int line, Refusals refusals) {
    return new Mapping(path, line, refusals);
  }

  private void unknown(String key, int keyLine, List<String> known) {
    Optional<String> meant = Nearest.to(key, known);
    meant.ifPresent(excused::add);
    String shown = key.replaceAll("\\p{Cntrl}", "?");
    refusals.add(
        child(shown.length() > 64 ? shown.substring(0, 64) + "..." : shown),
        keyLine,
        "is not a known key"
            + meant.map(word -> "; did you mean \"" + word + "\"?").orElse("")
            + " (known here: "
            + String.join(", ", known)
            + ")");
  }

  /** The value of a key that may be left out. */
  Optional<Value> optional(String key) {
    return Optional.ofNullable(values.get(key));
  }

  /** The value of a key that must be there; empty, and refused, if it is not. */
  Optional<Value> required(String key, String description) {
    Optional<Value> value = optional(key);
    if (value.isEmpty() && present && !excused.contains(key)) {
      refusals.add(child(key), line, "is missing; give " + description);
    }
    return value;
  }

  /** A group of keys that must be there. */
  Mapping group(String key, List<String> known) {
    return required(key, "a group with the keys " + String.join(", ", known))
        .map(value -> value.mapping(known))
        .orElseGet(() -> absent(child(key), line, refusals));
  }

  /** A group of keys that may be left out as a whole. */
  Mapping optionalGroup(String key, List<String> known) {
    return optional(key)
        .map(value -> value.mapping(known))
        .orElseGet(() -> absent(child(key), line, refusals));
  }

  /** True if nothing was refused about any of these keys, so that they can be compared. */
  boolean sound(String... keys) {
    return Arrays.stream(keys).noneMatch(key -> excused.contains(key) || refusals.has(child(key)));
  }

  /** Refuses a key that is there, for reasons found when several are compared. */
  void refuse(String key, String what) {
    Value value = values.get(key);
    refusals.add(child(key), value == null ? line : value.line(), what);
  }

  private String child(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }
}
