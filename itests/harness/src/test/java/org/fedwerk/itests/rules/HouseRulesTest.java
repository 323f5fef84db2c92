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
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules of docs/architecture.md that can be read off the sources. */
class HouseRulesTest {
  private static final Path BUNDLES = Path.of(System.getProperty("fedwerk.root"), "bundles");
  private static final Pattern NAME =
      Pattern.compile("\\b(?:org|com|ai|io|net|java|javax)(?:\\.\\w+){2,}");

  /** Rooms that build on other rooms on purpose: simulation and demo plants. */
  private static final Set<String> MAY_USE_ROOMS = Set.of("sim", "plant");

  /** Where types of a library may be named. */
  private static final Map<String, Set<String>> HOMES =
      Map.ofEntries(
          Map.entry("org.eclipse.milo.", Set.of("signal-opcua", "predict-opcua", "plant")),
          Map.entry("ai.djl.", Set.of("learn-djl", "lib")),
          Map.entry("com.sun.jna.", Set.of("learn-djl", "lib")),
          Map.entry("org.apache.camel.", Set.of("link", "routes")),
          Map.entry("org.apache.felix.", Set.of("routes")),
          Map.entry("org.eclipse.paho.", Set.of("signal-mqtt", "link", "plant", "lib")),
          Map.entry("org.bouncycastle.", Set.of("identity")),
          Map.entry("com.google.protobuf.", Set.of("wire")),
          Map.entry("io.airlift.", Set.of("codec")),
          Map.entry("org.apache.activemq.", Set.of("broker")),
          Map.entry("io.micrometer.", Set.of("metrics")),
          Map.entry("org.snakeyaml.", Set.of("task", "plant", "sim")),
          Map.entry("org.postgresql.", Set.of("store-postgres")),
          Map.entry("java.sql.", Set.of("store-postgres")));

  private record Source(String room, Path file, String text) {}

  private static List<Source> sources() {
    List<Source> all = new ArrayList<>();
    try (Stream<Path> files = Files.walk(BUNDLES)) {
      for (Path file :
          files
              .filter(
                  each ->
                      each.toString().contains("/src/main/java/")
                          && each.toString().endsWith(".java"))
              .toList()) {
        all.add(
            new Source(
                BUNDLES.relativize(file).getName(0).toString(), file, Files.readString(file)));
      }
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    assertTrue(all.size() > 200, "only " + all.size() + " sources were found below " + BUNDLES);
    return all;
  }

  /** The source without comments and texts. */
  private static String code(Source source) {
    StringBuilder code = new StringBuilder();
    boolean comment = false;
    for (String line : source.text().lines().toList()) {
      String rest = line.replaceAll("\"[^\"]*\"", "").replaceAll("//.*", "").strip();
      comment |= rest.startsWith("/*");
      if (!comment) {
        code.append(rest).append('\n');
      }
      comment &= !rest.endsWith("*/");
    }
    return code.toString();
  }

  private static Set<String> names(Source source) {
    Set<String> names = new TreeSet<>();
    Matcher matcher = NAME.matcher(code(source));
    while (matcher.find()) {
      names.add(matcher.group());
    }
    return names;
  }

  private static String packageOf(String room) {
    return "org.fedwerk." + room.replace('-', '.');
  }

  @Test
  void roomsUseTheApiAloneAndNoOtherRoom() {
    List<String> broken = new ArrayList<>();
    for (Source source : sources()) {
      if (MAY_USE_ROOMS.contains(source.room()) || source.room().equals("lib")) {
        continue;
      }
      for (String name : names(source)) {
        boolean own = (name + ".").startsWith(packageOf(source.room()) + ".");
        if (name.startsWith("org.fedwerk.")
            && !(name + ".").startsWith("org.fedwerk.api.")
            && !own) {
          broken.add(source.room() + ": " + source.file().getFileName() + " names " + name);
        }
      }
    }
    assertEquals(List.of(), broken);
  }

  @Test
  void thirdPartyTypesStayInTheirRooms() {
    List<String> broken = new ArrayList<>();
    for (Source source : sources()) {
      for (String name : names(source)) {
        HOMES.forEach(
            (library, rooms) -> {
              if (name.startsWith(library) && !rooms.contains(source.room())) {
                broken.add(source.room() + ": " + source.file().getFileName() + " names " + name);
              }
            });
      }
    }
    assertEquals(List.of(), broken);
  }

  @Test
  void theApiImportsNoThirdParty() {
    List<String> broken = new ArrayList<>();
    for (Source source : sources()) {
      if (source.room().equals("api")) {
        for (String name : names(source)) {
          if (!(name + ".").startsWith("org.fedwerk.api.")
              && !name.startsWith("java.")
              && !name.startsWith("org.jspecify.")
              && !name.startsWith("org.osgi.annotation.")) {
            broken.add(source.file().getFileName() + " names " + name);
          }
        }
      }
    }
    assertEquals(List.of(), broken);
  }

  @Test
  void everyMeasurementIsExplainedToTheOperator() throws IOException {
    Pattern measurement = Pattern.compile("\"(fedwerk(?:\\.[a-z]+)+)\"");
    String explained = Files.readString(BUNDLES.resolve("metrics").resolve("README.md"));
    Set<String> broken = new TreeSet<>();
    int found = 0;
    for (Source source : sources()) {
      if (source.text().contains("org.fedwerk.api.metric.")) {
        Matcher matcher = measurement.matcher(source.text());
        while (matcher.find()) {
          found++;
          if (!explained.contains("`" + matcher.group(1).replace('.', '_'))) {
            broken.add(matcher.group(1) + " of " + source.room());
          }
        }
      }
    }
    assertEquals(Set.of(), broken);
    assertTrue(found > 30, "only " + found + " measurements were found");
  }

  @Test
  void everySourceSaysItsLicenceAndEveryRoomHasAReadme() {
    List<String> broken = new ArrayList<>();
    Set<String> rooms = new TreeSet<>();
    for (Source source : sources()) {
      rooms.add(source.room());
      if (!source.text().startsWith("// SPDX-License-Identifier: Apache-2.0")) {
        broken.add(source.file() + " lacks its licence line");
      }
    }
    for (String room : rooms) {
      if (!room.equals("api") && !Files.exists(BUNDLES.resolve(room).resolve("README.md"))) {
        broken.add(room + " has no README.md");
      }
    }
    assertEquals(List.of(), broken);
  }
}
