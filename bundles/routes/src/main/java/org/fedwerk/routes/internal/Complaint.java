// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.routes.internal;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteDefinition;

/** What is wrong with routes, in one line for an operator. */
final class Complaint {
  private static final int LONGEST = 300;
  private static final Pattern LINE =
      Pattern.compile("line (\\d+), column \\d+|\\(source: [^)]*:(\\d+)\\)");
  private static final Pattern PLACE =
      Pattern.compile("\\s*in [^\\n]*line \\d+, column \\d+:?\\s*");
  private static final Pattern STEP = Pattern.compile(">>> (.*) <<<", Pattern.DOTALL);
  private static final Pattern UNKNOWN = Pattern.compile("Unknown parameters=\\[\\{(.*)}]");

  private Complaint() {}

  /** The deepest cause in one line, without values that may be secret. */
  static String shortly(Throwable failed) {
    String text = String.valueOf(deepest(failed).getMessage()).strip();
    if (text.equals("null")) {
      text = deepest(failed).getClass().getSimpleName();
    }
    Matcher unknown = UNKNOWN.matcher(text);
    if (unknown.find()) {
      return "unknown option " + unknown.group(1).replaceAll("=[^,]*", "");
    }
    String line =
        withoutPlaces(text)
            .replaceAll("\\s+", " ")
            .replaceAll("\\{https?://[^}]*}", "")
            .replaceAll("(?i)(password|token|secret)=[^&\\s]*", "$1=xxxxxx")
            .strip();
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + " ...";
  }

  /**
   * Parsers show the place, its text and a mark below it in three lines; the line number is told
   * apart.
   */
  private static String withoutPlaces(String text) {
    StringBuilder kept = new StringBuilder();
    int skip = 0;
    for (String line : text.split("\n", -1)) {
      if (PLACE.matcher(line).matches()) {
        skip = 2;
      } else if (skip > 0) {
        skip--;
      } else {
        kept.append(line).append(' ');
      }
    }
    return kept.toString();
  }

  private static Throwable deepest(Throwable failed) {
    Throwable at = failed;
    for (Throwable cause = at.getCause(); cause != null && cause != at; cause = at.getCause()) {
      at = cause;
    }
    return at;
  }

  /**
   * With the line of the file where it can be told.
   *
   * @param routes what was read of the file before it failed
   */
  static String of(Throwable failed, List<RouteDefinition> routes) {
    int line = line(failed, routes);
    return (line > 0 ? "line " + line + ": " : "") + shortly(failed);
  }

  private static int line(Throwable failed, List<RouteDefinition> routes) {
    for (Throwable at = failed; at != null; at = at.getCause()) {
      Optional<MatchResult> last =
          LINE.matcher(String.valueOf(at.getMessage())).results().reduce((a, b) -> b);
      if (last.isPresent()) {
        String parsed = last.get().group(1);
        return Integer.parseInt(parsed == null ? last.get().group(2) : parsed);
      }
      if (at instanceof FailedToCreateRouteException route) {
        return line(route, routes);
      }
    }
    return 0;
  }

  private static int line(FailedToCreateRouteException failed, List<RouteDefinition> routes) {
    Matcher step = STEP.matcher(String.valueOf(failed.getMessage()));
    String wrong = step.find() ? step.group(1) : "";
    for (RouteDefinition route : routes) {
      if (route.getId() != null && route.getId().equals(failed.getRouteId())) {
        Deque<ProcessorDefinition<?>> steps = new ArrayDeque<>(route.getOutputs());
        while (!steps.isEmpty()) {
          ProcessorDefinition<?> each = steps.removeFirst();
          if (each.toString().equals(wrong)) {
            return each.getLineNumber();
          }
          each.getOutputs().forEach(steps::addFirst);
        }
        return route.getInput() == null ? 0 : route.getInput().getLineNumber();
      }
    }
    return 0;
  }
}
