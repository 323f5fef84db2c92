// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.task.internal;

import java.util.Optional;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.task.Task;
import org.fedwerk.api.task.TaskDocument;
import org.fedwerk.api.task.TaskReader;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * Reads tasks from YAML 1.2. Only plain trees are taken: no anchors, aliases or tags, so a document
 * is as large as it looks and nothing is constructed from it but the record. Stateless, any thread
 * may call.
 */
@Component
public final class YamlTaskReader implements TaskReader {
  /** Largest document, in characters: it travels in one message. */
  static final int MAX_CHARS = 64 * 1024;

  private static final int MAX_DEPTH = 16;
  private static final String DOCUMENT = "document";

  /** Needs nothing. */
  @Activate
  public YamlTaskReader() {}

  @Override
  public TaskDocument read(String yaml) throws RefusedException {
    if (yaml.length() > MAX_CHARS) {
      throw new RefusedException(
          DOCUMENT, "has " + yaml.length() + " characters, allowed are at most " + MAX_CHARS);
    }
    Refusals refusals = new Refusals();
    Optional<Node> root = compose(yaml, refusals);
    if (root.isEmpty() || !(root.get() instanceof MappingNode mapping)) {
      refusals.add(
          DOCUMENT,
          1,
          "is not a group of keys; its keys are " + String.join(", ", TaskSection.KEYS));
      refusals.throwIfAny();
      throw new IllegalStateException("a refusal was added");
    }
    Task task = TaskSection.read(new Mapping(mapping, "", TaskSection.KEYS, refusals));
    refusals.throwIfAny();
    return new TaskDocument(task, yaml);
  }

  @Override
  public int line(String yaml, String key) {
    @Nullable Node at;
    try {
      at = compose(yaml, new Refusals()).orElse(null);
    } catch (RefusedException unreadable) {
      return 0;
    }
    int line = 0;
    for (String word : key.split("\\.", -1)) {
      Optional<NodeTuple> entry = at == null ? Optional.empty() : entry(at, word);
      if (entry.isEmpty()) {
        return line;
      }
      line = Value.line(entry.get().getKeyNode());
      at = entry.get().getValueNode();
    }
    return line;
  }

  private static Optional<NodeTuple> entry(Node group, String word) {
    return group instanceof MappingNode mapping
        ? mapping.getValue().stream()
            .filter(
                each -> each.getKeyNode() instanceof ScalarNode key && key.getValue().equals(word))
            .findFirst()
        : Optional.empty();
  }

  private static Optional<Node> compose(String yaml, Refusals refusals) throws RefusedException {
    // The settings' code point limit is on top of MAX_CHARS: never reached, but never unlimited.
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel("task")
            .setSchema(new CoreSchema())
            .setUseMarks(true)
            .setAllowDuplicateKeys(false)
            .setAllowRecursiveKeys(false)
            .setMaxAliasesForCollections(0)
            .setCodePointLimit(4 * MAX_CHARS)
            .build();
    try {
      checkEvents(settings, yaml, refusals);
      refusals.throwIfAny();
      return new Compose(settings).composeString(yaml);
    } catch (MarkedYamlEngineException malformed) {
      int line = malformed.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0);
      refusals.add(DOCUMENT, line, "is not YAML: " + malformed.getProblem());
    } catch (YamlEngineException malformed) {
      refusals.add(DOCUMENT, 0, "is not YAML: " + malformed.getMessage());
    }
    refusals.throwIfAny();
    return Optional.empty();
  }

  /** Before the tree is built, since building it goes as deep as the document does. */
  private static void checkEvents(LoadSettings settings, String yaml, Refusals refusals) {
    int depth = 0;
    for (Event event : new Parse(settings).parseString(yaml)) {
      int line = event.getStartMark().map(Mark::getLine).orElse(-1) + 1;
      if (event instanceof CollectionStartEvent && ++depth > MAX_DEPTH) {
        refusals.add(DOCUMENT, line, "is nested more than " + MAX_DEPTH + " deep");
        return;
      }
      if (event instanceof CollectionEndEvent) {
        depth--;
      }
      if (event instanceof AliasEvent) {
        refusals.add(DOCUMENT, line, "has an alias (*); write the value out");
      } else if (event instanceof NodeEvent node && node.getAnchor().isPresent()) {
        refusals.add(DOCUMENT, line, "has an anchor (&); write the value without it");
      }
      if (event instanceof ScalarEvent scalar && scalar.getTag().isPresent()
          || event instanceof CollectionStartEvent start && start.getTag().isPresent()) {
        refusals.add(DOCUMENT, line, "has a tag (!); write the value without it");
      }
    }
  }
}
