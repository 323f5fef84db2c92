// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.plant.process;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fedwerk.api.Refusal;
import org.fedwerk.api.RefusedException;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** The fields of one YAML mapping; every refusal says file, line and column. */
final class YamlFields {
  private final String file;
  private final Node node;
  private final Map<String, Node> values = new HashMap<>();

  YamlFields(String file, @Nullable Node node, List<String> known) throws RefusedException {
    if (!(node instanceof MappingNode mapping)) {
      throw refusal(file, node, "expected keys with values: " + String.join(", ", known));
    }
    this.file = file;
    this.node = node;
    for (NodeTuple tuple : mapping.getValue()) {
      String key = text(tuple.getKeyNode());
      if (!known.contains(key)) {
        throw refusal(
            file,
            tuple.getKeyNode(),
            "key \"" + key + "\" is not known here; known are " + String.join(", ", known));
      }
      if (values.put(key, tuple.getValueNode()) != null) {
        throw refusal(file, tuple.getKeyNode(), "key \"" + key + "\" stands here twice");
      }
    }
  }

  boolean has(String key) {
    return values.containsKey(key);
  }

  Node required(String key) throws RefusedException {
    Node value = values.get(key);
    if (value == null) {
      throw refusal(file, node, "key \"" + key + "\" is missing");
    }
    return value;
  }

  String requiredText(String key) throws RefusedException {
    return text(required(key));
  }

  Optional<String> optionalText(String key) throws RefusedException {
    Node value = values.get(key);
    return value == null ? Optional.empty() : Optional.of(text(value));
  }

  /** The items of a list; a single value counts as a list of one. */
  List<Node> items(String key) throws RefusedException {
    Node value = required(key);
    List<Node> items =
        value instanceof SequenceNode sequence ? sequence.getValue() : List.of(value);
    if (items.isEmpty()) {
      throw refusal(file, value, "key \"" + key + "\" needs at least one item");
    }
    return items;
  }

  List<String> texts(String key) throws RefusedException {
    List<String> texts = new ArrayList<>();
    for (Node item : items(key)) {
      texts.add(text(item));
    }
    return texts;
  }

  RefusedException refusal(String key, String what) {
    return refusal(file, values.getOrDefault(key, node), what);
  }

  private String text(Node value) throws RefusedException {
    if (value instanceof ScalarNode scalar && !scalar.getValue().isBlank()) {
      return scalar.getValue();
    }
    throw refusal(file, value, "expected one value");
  }

  static RefusedException refusal(String file, @Nullable Node node, String what) {
    return node == null || node.getStartMark().isEmpty()
        ? new RefusedException(file, what)
        : refusal(
            file,
            node.getStartMark().get().getLine() + 1,
            node.getStartMark().get().getColumn() + 1,
            what);
  }

  static RefusedException refusal(String file, int line, int column, String what) {
    return new RefusedException(List.of(new Refusal(file, line, "column " + column + ": " + what)));
  }
}
