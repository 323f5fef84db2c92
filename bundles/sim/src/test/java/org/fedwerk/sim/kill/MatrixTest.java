// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.kill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.fedwerk.coordinator.internal.round.Event;
import org.fedwerk.coordinator.internal.round.EventCodec;
import org.junit.jupiter.api.Test;

/** Holds the matrix against the sources: a type of record that nobody kills at is found here. */
class MatrixTest {
  private static final Path BUNDLES = Path.of(System.getProperty("fedwerk.root"), "bundles");
  private static final Pattern WRITTEN =
      Pattern.compile("(?:new StateWriter|\\bbegin)\\(([A-Z][A-Z_]*|\\d+)\\b");
  private static final Pattern NUMBER = Pattern.compile("static final int (\\w+) = ([\\w.]+);");

  /** Types that a room's classes write, as {@code Class.CONSTANT}, with their numbers. */
  private static Map<String, String> written(String room) throws IOException {
    Map<String, String> all = new TreeMap<>();
    try (Stream<Path> files = Files.walk(BUNDLES.resolve(room).resolve("src/main/java"))) {
      for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
        String name = file.getFileName().toString().replace(".java", "");
        String text = Files.readString(file);
        Map<String, String> numbers = new TreeMap<>();
        for (Matcher number = NUMBER.matcher(text); number.find(); ) {
          numbers.put(number.group(1), number.group(2));
        }
        for (Matcher type = WRITTEN.matcher(text); type.find(); ) {
          String constant = type.group(1);
          String at = name + "." + constant;
          all.put(at, numbers.getOrDefault(constant, "a type without a named constant"));
        }
      }
    }
    all.keySet().removeAll(Matrix.BLOBS);
    return all;
  }

  private static Map<String, String> rows(boolean isCoordinators) {
    return Matrix.ROWS.stream()
        .filter(row -> row.isCoordinators() == isCoordinators)
        .collect(
            Collectors.toMap(
                Row::source,
                row ->
                    row.type().type() == EventCodec.OTHER
                        ? "EventCodec.OTHER"
                        : Integer.toString(row.type().type()),
                (a, b) -> a,
                TreeMap::new));
  }

  @Test
  void everyTypeThatTheCoordinatorWritesHasARow() throws IOException {
    assertEquals(written("coordinator"), rows(true));
  }

  @Test
  void everyTypeThatASiteWritesHasARow() throws IOException {
    assertEquals(written("site"), rows(false));
  }

  @Test
  void everyEventOfTheRoundEngineHasARow() {
    Set<String> events = new TreeSet<>();
    names(Event.Durable.class, events);
    assertTrue(events.size() >= 10, events.toString());
    Set<String> rows =
        Matrix.ROWS.stream()
            .filter(row -> row.source().startsWith("EventCodec."))
            .map(Row::words)
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(events, rows);
  }

  private static void names(Class<?> sealed, Set<String> names) {
    for (Class<?> each : sealed.getPermittedSubclasses()) {
      if (each.isSealed()) {
        names(each, names);
      } else {
        names.add(each.getSimpleName());
      }
    }
  }

  @Test
  void noRecordTypeHasTwoRows() {
    List<Object> types = Matrix.ROWS.stream().<Object>map(Row::type).toList();
    assertEquals(types.size(), Set.copyOf(types).size());
  }
}
