// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every queue has a bound, in configuration and in metrics: documents and sources are compared. */
class QueuesTest {
  private static final Path ROOT = Path.of(System.getProperty("fedwerk.root"));
  private static final Pattern WORDS = Pattern.compile("`([^`]+)`");
  private static final Pattern LEVEL =
      Pattern.compile("(?:new QueueLevel|\\.levels)\\(\\s*\"([a-z-]+)");
  private static final Pattern QUEUE =
      Pattern.compile(
          "new (?:(?:Array|Linked|Priority)Blocking(?:Queue|Deque)|LinkedTransferQueue"
              + "|ConcurrentLinked(?:Queue|Deque)|ArrayDeque)<");
  private static final Pattern WITHOUT_BOUND =
      Pattern.compile("new (?:Linked|Priority)Blocking(?:Queue|Deque)<[^>]*>\\(\\)");
  private static final Pattern SETTING = Pattern.compile("[a-z]+([.-][a-z]+)+|queue|inbox");

  /** In no process of a plant. */
  private static final Set<String> NOT_INSTALLED = Set.of("sim", "plant", "lib");

  /** Where nothing waits in what looks like a queue, with what is in it instead. */
  private static final Map<String, String> NO_QUEUES =
      Map.of(
          "learn-djl/NativeBuffers", "buffers that nobody uses",
          "store/FileBlobs", "names of blobs since the last force, as many as rounds wrote");

  private record Row(String queue, String room, List<String> settings) {
    String word() {
      return queue.replaceAll(":.*", "");
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static String metrics() {
    return read(ROOT.resolve("bundles/metrics/README.md"));
  }

  private static List<String> words(String cell) {
    return WORDS.matcher(cell).results().map(found -> found.group(1)).toList();
  }

  private static List<Row> rows() {
    String section = metrics().split("### Queues", 2)[1];
    return section
        .lines()
        .dropWhile(line -> !line.startsWith("|---"))
        .skip(1)
        .takeWhile(line -> line.startsWith("|"))
        .map(line -> line.split("\\|"))
        .map(cell -> new Row(words(cell[1]).get(0), words(cell[2]).get(0), words(cell[3])))
        .toList();
  }

  /** The sources of a room by the names of their classes. */
  private static Map<String, String> classes(String room) {
    try (Stream<Path> files = Files.walk(ROOT.resolve("bundles").resolve(room))) {
      return files
          .filter(file -> file.toString().contains("/src/main/java/"))
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> !file.endsWith("package-info.java"))
          .collect(
              Collectors.toMap(
                  file -> file.getFileName().toString().replace(".java", ""),
                  QueuesTest::read,
                  String::concat,
                  TreeMap::new));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static String sources(String room) {
    return String.join("", classes(room).values());
  }

  /** As a method of a configuration's annotation, or as it is written. */
  private static boolean isRead(String setting, String sources) {
    return sources.contains("\"" + setting + "\"")
        || sources.contains(" " + setting.replace('.', '_').replace("-", "$_$") + "()")
        || sources.contains(" int " + setting + ";");
  }

  private static List<String> rooms() {
    try (Stream<Path> folders = Files.list(ROOT.resolve("bundles"))) {
      return folders
          .filter(Files::isDirectory)
          .map(folder -> folder.getFileName().toString())
          .filter(room -> !NOT_INSTALLED.contains(room))
          .sorted()
          .toList();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  @Test
  void everyQueueOfTheTableIsTakenFromItsRoomAndItsBoundsAreSettingsThere() {
    List<Row> rows = rows();
    assertTrue(rows.size() >= 10, rows.toString());
    List<String> wrong = new ArrayList<>();
    for (Row row : rows) {
      if (!sources(row.room()).contains("\"" + row.word())) {
        wrong.add(row.room() + " measures no queue " + row.queue());
      }
      if (row.settings().isEmpty()) {
        wrong.add(row.queue() + " has no bound in the configuration");
      }
      String readme = read(ROOT.resolve("bundles").resolve(row.room()).resolve("README.md"));
      row.settings().stream()
          .filter(setting -> !readme.contains("`" + setting + "`"))
          .forEach(setting -> wrong.add(row.room() + " has no setting " + setting));
      row.settings().stream()
          .filter(setting -> !setting.contains(":") && !isRead(setting, sources(row.room())))
          .forEach(setting -> wrong.add(row.room() + " does not read " + setting));
    }
    assertEquals(List.of(), wrong);
  }

  @Test
  void everyQueueThatIsMeasuredIsInTheTable() {
    Set<String> measured = new TreeSet<>();
    for (String room : rooms()) {
      Matcher level = LEVEL.matcher(sources(room));
      while (level.find()) {
        measured.add(room + " " + level.group(1));
      }
    }
    Set<String> documented =
        rows().stream()
            .map(row -> row.room() + " " + row.word())
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(documented, measured);
  }

  @Test
  void aRoomWithAQueueMeasuresOneAndNoBlockingQueueIsWithoutBound() {
    Set<String> measuring = rows().stream().map(Row::room).collect(Collectors.toSet());
    List<String> wrong = new ArrayList<>();
    Set<String> excepted = new TreeSet<>(NO_QUEUES.keySet());
    for (String room : rooms()) {
      for (Map.Entry<String, String> each : classes(room).entrySet()) {
        String name = room + "/" + each.getKey();
        if (WITHOUT_BOUND.matcher(each.getValue()).find()) {
          wrong.add(name + " has a queue without a bound");
        }
        boolean isQueue = QUEUE.matcher(each.getValue()).find() && !excepted.remove(name);
        if (isQueue && !measuring.contains(room)) {
          wrong.add(name + " has a queue, and its room measures none");
        }
      }
    }
    assertEquals(List.of(), wrong);
    assertEquals(Set.of(), excepted, "they have none any more");
  }

  @Test
  void settingsWithAHyphenAreSettings() {
    assertTrue(SETTING.matcher("inbox.max-bytes").matches());
    assertTrue(
        rows().stream()
            .filter(row -> row.queue().equals("mqtt:<name>"))
            .allMatch(row -> row.settings().contains("inbox.max-bytes")));
  }

  @Test
  void everyBoundOfTheThreadsTableIsInTheQueuesTable() {
    String section = metrics().split("### Queues", 2)[1].split("\\n## ", 2)[0];
    Set<String> missing = new TreeSet<>();
    String threads =
        read(ROOT.resolve("docs/architecture.md")).split("## 8\\. ", 2)[1].split("\\n## ", 2)[0];
    List<String> bounds = new ArrayList<>();
    threads
        .lines()
        .filter(line -> line.startsWith("| ") && !line.startsWith("| plant"))
        .map(line -> line.split("\\|"))
        .filter(cell -> cell.length > 4)
        .flatMap(cell -> words(cell[4]).stream())
        .filter(word -> SETTING.matcher(word).matches() && !word.startsWith("labels."))
        .forEach(bounds::add);
    assertTrue(bounds.size() > 8, bounds.toString());
    bounds.stream().filter(bound -> !section.contains("`" + bound + "`")).forEach(missing::add);
    assertEquals(Set.of(), missing);
  }
}
