// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.fedwerk.api.store.Journal;
import org.fedwerk.sim.fault.RecordType;
import org.fedwerk.sim.fault.VirtualFederation;
import org.fedwerk.sim.kill.Matrix;
import org.fedwerk.site.internal.SiteSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Today's program on disks that older ones left behind, recorded by {@link StateRecorder} with
 * those programs: {@code first}, the first that kept a federation's state; {@code second}, with
 * orders of persons, models that are held, and deletions. Those of {@code third} are by {@link
 * WiderStateRecorder}: versions that a person sends out, what stays at sites, clusters, drift. In
 * {@code fourth} the coordinator has parted sites that standardise by the same statistics.
 */
class OlderStateTest {
  private static final Duration LIMIT = Duration.ofHours(1);
  private static final byte NEWER = 99;

  /** Written for people; no start depends on what it holds. */
  private static final String NEVER_READ = "coordinator/audit";

  private static VirtualFederation on(String disks) throws IOException {
    VirtualFederation federation = new VirtualFederation(VirtualFederation.Setup.plain());
    try (InputStream in = resource(disks)) {
      KeptState.load(in, federation);
    }
    federation.sites().keySet().forEach(id -> federation.policy(id, SiteSettings::withStatistics));
    return federation;
  }

  private static InputStream resource(String name) {
    return Objects.requireNonNull(OlderStateTest.class.getResourceAsStream("/state/" + name), name);
  }

  private static List<String> facts(String program) throws IOException {
    return lines(program + "/facts.txt");
  }

  private static List<String> lines(String name) throws IOException {
    try (InputStream in = resource(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"first", "second", "third", "fourth"})
  void aRoundThatAnOlderProgramBeganIsFinishedWithTheSameModels(String program) throws Exception {
    VirtualFederation federation = on(program + "/middle.gz");
    federation.start();
    List<String> expected = facts(program);
    boolean came = federation.run(LIMIT, () -> KeptState.facts(federation).equals(expected));
    assertTrue(came, "came to " + KeptState.facts(federation) + " in place of " + expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"first", "second", "third", "fourth"})
  void whatAnOlderProgramEndedWithIsThereAndPredictionsGoOn(String program) throws Exception {
    VirtualFederation federation = on(program + "/end.gz");
    long kept = federation.disk("a").journal("site/predictions").last();
    assertTrue(kept > 0);
    federation.start();
    List<String> expected = facts(program);
    boolean came = federation.run(LIMIT, () -> KeptState.facts(federation).equals(expected));
    assertTrue(came, "came to " + KeptState.facts(federation) + " in place of " + expected);
    federation.predict("a", 1);
    assertTrue(
        federation.run(
            LIMIT, () -> federation.disk("a").journal("site/predictions").last() > kept));
  }

  @Test
  void aRoundThatSitesOfAnOlderProgramAskedForIsFinishedWithTheSameModels() throws Exception {
    VirtualFederation federation = on("third/asked.gz");
    federation.start();
    List<String> expected = lines("third/asked.txt");
    assertTrue(expected.size() > facts("third").size(), "drift brought rounds");
    boolean came = federation.run(LIMIT, () -> KeptState.facts(federation).equals(expected));
    assertTrue(came, "came to " + KeptState.facts(federation) + " in place of " + expected);
  }

  @Test
  void theRoundsThatASiteOfAnOlderProgramHadThatDayCountForItsCap() throws Exception {
    VirtualFederation federation = on("third/middle.gz");
    federation.policy("a", owner -> owner.withRounds("", "UTC", 1));
    federation.start();
    boolean said =
        federation.run(
            LIMIT,
            () ->
                federation.tasks().stream()
                    .anyMatch(
                        task -> task.said().getOrDefault("a", "").contains("of 1 rounds today")));
    assertTrue(said, () -> federation.tasks().toString());
  }

  @Test
  void aRecordOfANewerProgramIsRefusedWithItsJournalAndWhatToDo() throws Exception {
    List<String> unrefused = new ArrayList<>();
    TreeSet<String> tried = new TreeSet<>();
    refuseNewer("second/end.gz", unrefused, tried);
    refuseNewer("third/asked.gz", unrefused, tried);
    assertEquals(List.of(), unrefused);
    TreeSet<String> all = new TreeSet<>();
    Matrix.ROWS.forEach(row -> all.add(row.type().journal()));
    all.remove(NEVER_READ);
    assertEquals(all, tried, "every journal");
  }

  private static void refuseNewer(String disks, List<String> unrefused, TreeSet<String> tried)
      throws IOException {
    VirtualFederation kept = on(disks);
    for (String id : kept.ids()) {
      for (String name : kept.disk(id).names()) {
        if (name.equals(NEVER_READ)) {
          continue;
        }
        VirtualFederation federation = on(disks);
        Journal journal = federation.disk(id).journal(name);
        journal.append(new byte[] {NEWER, 1});
        tried.add(RecordType.of(name, new byte[2]).journal());
        federation.start();
        String message = refusal(federation);
        boolean named =
            message.contains(name) || message.contains("journal") || message.contains("history");
        if (!named
            || !message.contains("version " + NEWER)
            || !message.contains("restore a backup")) {
          unrefused.add(id + " " + name + ": " + message);
        }
      }
    }
  }

  private static String refusal(VirtualFederation federation) {
    try {
      var unused = federation.run(Duration.ofSeconds(1), () -> false);
      return "is not refused";
    } catch (IllegalStateException refused) {
      return String.valueOf(refused.getMessage());
    }
  }
}
