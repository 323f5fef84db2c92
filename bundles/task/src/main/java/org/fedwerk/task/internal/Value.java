// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.task.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoublePredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * One value with its full key path. What is wrong is refused and replaced by a stand-in that is
 * within bounds, so that reading goes on and finds the rest.
 */
record Value(Node node, String path, Refusals refusals) {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
  private static final int SHOWN = 40;

  int line() {
    return line(node);
  }

  static int line(Node node) {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
  }

  void refuse(String what) {
    refusals.add(path, line(), what);
  }

  String text(int most, boolean lineBreaks) {
    if (!(node instanceof ScalarNode scalar) || !scalar.getTag().equals(Tag.STR)) {
      refuse(shown() + " is not a text; write a text" + inQuotes());
      return "";
    }
    String text = scalar.getValue();
    if (text.length() > most) {
      refuse("has " + text.length() + " characters, allowed are at most " + most);
      return "";
    }
    if (text.chars().anyMatch(c -> Character.isISOControl(c) && !(lineBreaks && c == '\n'))) {
      refuse(
          "holds control characters; write a text"
              + (lineBreaks ? " without them" : " of one line"));
      return "";
    }
    return text;
  }

  /** True for a text that is there but says nothing. */
  boolean isEmptyText() {
    return node instanceof ScalarNode scalar
        && scalar.getTag().equals(Tag.STR)
        && scalar.getValue().isBlank();
  }

  String word(Pattern allowed, String description) {
    String word = text(64, false);
    if (!word.isEmpty() && !allowed.matcher(word).matches()) {
      refuse(shown() + " is no name; use " + description);
    } else if (isEmptyText()) {
      refuse("is empty; use " + description);
    }
    return word;
  }

  String choice(List<String> allowed) {
    return choice(
        allowed, allowed.size() == 1 ? allowed.get(0) : "one of " + String.join(", ", allowed));
  }

  /**
   * One of a few words; the first stands in for what is refused.
   *
   * @param description what may stand here, also what is no word
   */
  String choice(List<String> allowed, String description) {
    if (node instanceof ScalarNode scalar && allowed.contains(scalar.getValue())) {
      return scalar.getValue();
    }
    refuse(shown() + " is not allowed; use " + description);
    return allowed.get(0);
  }

  boolean isGroup() {
    return node instanceof MappingNode;
  }

  boolean isList() {
    return node instanceof SequenceNode;
  }

  long whole(long least, long most) {
    String allowed = "use a whole number from " + least + " to " + most;
    if (!(node instanceof ScalarNode scalar) || !scalar.getTag().equals(Tag.INT)) {
      refuse(shown() + " is not a whole number; " + allowed);
      return least;
    }
    long value;
    try {
      value = Long.parseLong(scalar.getValue());
    } catch (NumberFormatException tooLargeOrNotDecimal) {
      refuse(shown() + " is not in range; " + allowed);
      return least;
    }
    if (value < least || value > most) {
      refuse(value + " is not in range; " + allowed);
      return least;
    }
    return value;
  }

  /** A finite number. */
  double number(String description, DoublePredicate allowed, double standIn) {
    double value = Double.NaN;
    if (node instanceof ScalarNode scalar
        && (scalar.getTag().equals(Tag.INT) || scalar.getTag().equals(Tag.FLOAT))) {
      try {
        value = Double.parseDouble(scalar.getValue());
      } catch (NumberFormatException notDecimal) {
        value = Double.NaN; // 0x10, .inf and .nan: refused below like everything else
      }
    }
    if (!Double.isFinite(value)) {
      refuse(shown() + " is not a finite decimal number; use " + description);
      return standIn;
    }
    if (!allowed.test(value)) {
      refuse(shown() + " is not in range; use " + description);
      return standIn;
    }
    return value;
  }

  Duration duration(Duration least, Duration most) {
    String allowed = "use a duration from " + Durations.text(least) + " to " + Durations.text(most);
    Matcher matcher = DURATION.matcher(node instanceof ScalarNode scalar ? scalar.getValue() : "");
    if (!matcher.matches()) {
      refuse(
          shown() + " is not a duration; " + allowed + ", a number and ms, s, m, h or d, like 30s");
      return least;
    }
    Duration value = Durations.of(Long.parseLong(matcher.group(1)), matcher.group(2));
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      refuse(shown() + " is not in range; " + allowed);
      return least;
    }
    return value;
  }

  Mapping mapping(List<String> known) {
    if (node instanceof MappingNode mapping) {
      return new Mapping(mapping, path, known, refusals);
    }
    refuse(shown() + " is not a group of keys; its keys are " + String.join(", ", known));
    return Mapping.absent(path, line(), refusals);
  }

  /** The items, named {@code path[0]}, {@code path[1]} and so on; none if they are too many. */
  List<Value> items(int least, int most, String description) {
    if (!(node instanceof SequenceNode sequence)) {
      refuse(
          shown() + " is not a list; use a list of " + least + " to " + most + " " + description);
      return List.of();
    }
    int size = sequence.getValue().size();
    if (size < least || size > most) {
      refuse("has " + size + " " + description + "; allowed are " + least + " to " + most);
    }
    List<Value> items = new ArrayList<>();
    for (int i = 0; i < Math.min(size, most); i++) {
      items.add(new Value(sequence.getValue().get(i), path + "[" + i + "]", refusals));
    }
    return items;
  }

  /** The value as it is shown in a refusal: short. */
  private String shown() {
    if (!(node instanceof ScalarNode scalar)) {
      return node instanceof SequenceNode ? "a list" : "a group of keys";
    }
    String text = scalar.getValue().replaceAll("\\p{Cntrl}", "?");
    return text.length() > SHOWN ? '"' + text.substring(0, SHOWN) + "...\"" : '"' + text + '"';
  }

  private String inQuotes() {
    return node instanceof ScalarNode scalar && scalar.getValue().length() <= SHOWN
        ? ", in quotes if it looks like a number: \"" + scalar.getValue() + '"'
        : "";
  }
}
