// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.demo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.fedwerk.api.Digest;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.identity.Identity;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.Chunk;
import org.fedwerk.api.message.Kind;
import org.fedwerk.api.task.Task;
import org.fedwerk.itests.demo.SharedFederation.Started;
import org.fedwerk.itests.harness.KarafInstance;
import org.fedwerk.task.internal.YamlTaskReader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Rounds with a training long enough to be disturbed: by SIGKILL, by forged messages, by an owner
 * who changes his mind. The tests build on each other; a client with a key of the coordinator sees
 * what the sites send.
 */
@Order(2)
@ExtendWith(SharedFederation.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DisturbedRoundsTest {
  private static final Duration LONG = Duration.ofMinutes(4);
  private static final String TASK = "long-training";
  private static final String KILLED = "plant-c";
  private static final int ROUNDS = 7;

  private static Started started;
  private static String yaml;
  private static Task task;
  private static Digest digest;
  private static Identity member;
  private static Tap tap;
  private static Map<String, DataRole> trainedOn;
  private static List<byte[]> firstReplies;

  @BeforeAll
  static void aTaskThatTrainsLong(Started shared) throws Exception {
    started = shared;
    yaml =
        Files.readString(started.demo().file())
            .replaceAll("(?m)^task: .*$", "task: " + TASK)
            .replaceAll("(?m)^(  max:) .*$", "$1 " + ROUNDS)
            .replaceAll("(?m)^(  least:) .*$", "$1 " + ROUNDS)
            .replaceAll("(?m)^(  stall:) .*$", "$1 180s")
            .replaceAll("(?m)^(  batch:) .*$", "$1 1")
            .replaceAll("(?m)^(  epochs:) .*$", "$1 18")
            .replaceAll("(?m)^(  rate:) .*$", "$1 0.0005");
    task = new YamlTaskReader().read(yaml).task();
    digest = Digest.of(yaml.getBytes(StandardCharsets.UTF_8));
    int port = started.federation().brokerPort();
    Identity hq = Member.coordinator(started.coordinator(), started.fresh("tap-hq"), port);
    member = Member.site(site(KILLED), started.fresh("tap-site"));
    tap = new Tap(port, hq, digest);
  }

  @AfterAll
  static void thePlantsGoOn() throws Exception {
    if (tap != null) {
      tap.close();
    }
    started.federation().plants().exec("plant:trickle on");
  }

  private static KarafInstance site(String id) {
    return started.site(id);
  }

  private static boolean trains(KarafInstance site, int roundLeast) throws IOException {
    JsonNode view = Told.task(site, TASK);
    return view.path("learning").asText().equals("TRAINING")
        && view.path("round").asInt() >= roundLeast;
  }

  /** Waits until a site begins another training. @return its round */
  private static int freshTraining(String site) throws Exception {
    int next = Told.task(site(site), TASK).get("round").asInt() + 1;
    site(site).await("the next training", LONG, each -> trains(each, next));
    return Told.task(site(site), TASK).get("round").asInt();
  }

  private static JsonNode committed(int round) throws Exception {
    started
        .coordinator()
        .await("round " + round, LONG, each -> each.json("fedwerk:rounds " + TASK).size() >= round);
    JsonNode record = started.coordinator().json("fedwerk:rounds " + TASK).get(round - 1);
    assertEquals(round, record.get("round").asInt());
    return record;
  }

  @Test
  @Order(1)
  void aSiteKilledInMidTrainingRejoinsTheRoundAndGoesOnFromTheSameExamples() throws Exception {
    quiet();
    started
        .coordinator()
        .exec("fedwerk:task-submit " + started.written("long-training.yaml", yaml));
    for (KarafInstance site : started.federation().sites().values()) {
      site.await(
          "enough examples", LONG, each -> Told.task(each, TASK).path("train").asInt() >= 100);
      site.exec("fedwerk:task-approve " + TASK);
    }
    site(KILLED).await("training", LONG, each -> trains(each, 1));
    site(KILLED)
        .await(
            "a training manifest", LONG, each -> !Comparison.used(each, TASK, "train").isEmpty());
    trainedOn = Comparison.used(site(KILLED), TASK, "train");
    assertTrue(trains(site(KILLED), 1), "the training was over before the kill");
    site(KILLED).kill();
    assertEquals(List.of(), tap.replies(KILLED, 1, 0), "it was killed before it answered");
    site(KILLED).start();
    site(KILLED).awaitBooted(LONG);
    JsonNode round = committed(1);
    assertEquals(1, round.get("attempt").asInt(), round.toString());
    assertEquals(3, round.get("cohort").size(), round.toString());
    assertEquals(0, round.get("missing").size(), round.toString());
    firstReplies = tap.replies(KILLED, 1, 0);
    assertFalse(firstReplies.isEmpty());
  }

  /** No part is in work and each has its label, so all sites train on what they have now. */
  private static void quiet() throws Exception {
    KarafInstance plants = started.federation().plants();
    plants.exec("plant:trickle off");
    plants.await(
        "plants at rest",
        LONG,
        each -> Measured.plants(each).stream().allMatch(plant -> plant.state().equals("HOLDING")));
    for (Measured.PlantCounts plant : Measured.plants(plants)) {
      site(plant.site())
          .await(
              "a label for each part",
              LONG,
              each -> each.json("fedwerk:parts").get(0).get("labelled").asLong() >= plant.parts());
    }
  }

  @Test
  @Order(2)
  void aReplyThatHasNoReceiptSurvivesTheKillByteForByte() throws Exception {
    int round = freshTraining(KILLED);
    started.coordinator().freeze();
    List<byte[]> kept = new ArrayList<>();
    try {
      site(KILLED)
          .await(
              "the reply",
              LONG,
              each -> Told.task(each, TASK).path("learning").asText().equals("READY"));
      site(KILLED).kill();
      assertEquals(List.of(), tap.replies(KILLED, round, 0), "the broker stood still");
      try (Stream<Path> files = Files.walk(site(KILLED).base().resolve("data/fedwerk"))) {
        for (Path file :
            files
                .filter(each -> each.toString().contains("outbox") && Files.isRegularFile(each))
                .toList()) {
          kept.add(Files.readAllBytes(file));
        }
      }
    } finally {
      started.coordinator().thaw();
    }
    site(KILLED).start();
    site(KILLED).awaitBooted(LONG);
    JsonNode record = committed(round);
    assertEquals(1, record.get("attempt").asInt(), record.toString());
    assertEquals(0, record.get("missing").size(), record.toString());
    List<byte[]> sent = tap.replies(KILLED, round, 0);
    assertFalse(sent.isEmpty());
    for (byte[] each : sent) {
      String bytes = new String(each, StandardCharsets.ISO_8859_1);
      assertTrue(
          kept.stream().anyMatch(f -> new String(f, StandardCharsets.ISO_8859_1).contains(bytes)),
          "what was sent is not what was kept before the kill");
    }
  }

  @Test
  @Order(3)
  void forgedCutAndRepeatedMessagesAreRefusedByReasonAndTheRoundIsUnharmed() throws Exception {
    site(KILLED).await("training of a later round", LONG, each -> trains(each, 2));
    int round = Told.task(site(KILLED), TASK).get("round").asInt();
    byte[] real = firstReplies.get(0);
    byte[] changed = real.clone();
    ByteBuffer frame = ByteBuffer.wrap(real);
    changed[4 + 4 + frame.getInt(4) + 4 + 3] ^= 1;
    String own = tap.from(KILLED, Kind.MANIFEST);
    Map<String, Integer> expected = new TreeMap<>();
    expected.put("manifest not opened: frame", 2);
    expected.put("manifest not opened: signature", 1);
    expected.put("plan not opened: role", 1);
    String over = "reply to a phase that is over";
    expected.put(over, refusals(over) + 1);
    try (Member forger = forger().connect()) {
      assertEquals(0, forger.publish(own, "no sealed message".getBytes(StandardCharsets.UTF_8)));
      assertEquals(0, forger.publish(own, Arrays.copyOf(real, real.length / 2)));
      assertEquals(0, forger.publish(own, changed));
      assertEquals(0, forger.publish(own, real));
      assertEquals(0, forger.publish(tap.from(KILLED, Kind.PLAN), tap.planOf(member)));
    }
    for (Map.Entry<String, Integer> refused : expected.entrySet()) {
      started
          .coordinator()
          .await(
              refused.toString(), LONG, each -> refusals(refused.getKey()) >= refused.getValue());
      assertEquals(refused.getValue(), refusals(refused.getKey()), refused.getKey());
    }
    assertEquals("", Told.stackTrace(started.coordinator().log()));
    JsonNode record = committed(round);
    assertEquals(1, record.get("attempt").asInt(), record.toString());
    assertEquals(0, record.get("missing").size(), record.toString());
    assertEquals(3, record.get("evaluations").size(), record.toString());
  }

  /** How often the coordinator says that it refused for a reason. */
  private static int refusals(String reason) throws IOException {
    String status = started.coordinator().json("fedwerk:status").toString();
    Matcher count = Pattern.compile("(\\d+) x " + Pattern.quote(reason)).matcher(status);
    return count.find() ? Integer.parseInt(count.group(1)) : 0;
  }

  private static Member forger() throws Exception {
    return new Member(
        started.federation().brokerPort(),
        KILLED + ".forger",
        Member.tls(member.tls(), member.tls()));
  }

  @Test
  @Order(4)
  void aPlanSignedByASiteIsRefusedBySitesAndTheBrokerDoesNotEvenTakeIt() throws Exception {
    byte[] plan = tap.planOf(member);
    String all = tap.all(Kind.PLAN);
    String other = tap.to("plant-a", Kind.PLAN);
    try (Member forger = forger().connect()) {
      assertEquals(Member.NOT_AUTHORISED, forger.publish(all, plan));
      assertEquals(Member.NOT_AUTHORISED, forger.publish(other, plan));
      assertEquals(Member.NOT_AUTHORISED, forger.publish(tap.from("plant-a", Kind.MANIFEST), plan));
      assertTrue(forger.subscribe("fedwerk/demo/from/plant-a/#") >= 128);
      assertTrue(forger.subscribe("fedwerk/demo/to/plant-a/#") >= 128);
      assertTrue(forger.subscribe("#") >= 128);
    }
    // Whoever had the coordinator's place at the broker still lacks its key.
    assertEquals(0, tap.publish(all, plan));
    assertEquals(0, tap.publish(other, plan));
    Map<String, Integer> expected = new TreeMap<>(Map.of("plant-a", 2, "plant-b", 1, "plant-c", 1));
    for (Map.Entry<String, Integer> each : expected.entrySet()) {
      site(each.getKey())
          .await(
              "a refused plan",
              LONG,
              instance ->
                  Told.status(instance.json("fedwerk:status"), "site")
                      .path("detail")
                      .asText()
                      .contains(each.getValue() + " x plan: signature"));
      assertTrue(Told.task(site(each.getKey()), TASK).get("round").asInt() < 99);
      assertEquals("", Told.stackTrace(site(each.getKey()).log()));
    }
  }

  @Test
  @Order(5)
  void aRoundGoesOnWithoutASiteWhoseOwnerTakesTheApprovalBack() throws Exception {
    int round = freshTraining("plant-b");
    site("plant-b").exec("fedwerk:task-approve --no " + TASK);
    JsonNode record = committed(round);
    assertEquals(1, record.get("attempt").asInt(), record.toString());
    assertEquals(1, record.get("missing").size(), record.toString());
    assertTrue(
        record.get("missing").path("plant-b").asText().contains("declined by the site's owner"),
        record.toString());
    assertEquals(List.of("plant-a", "plant-c"), names(record.get("evaluations")));
    assertEquals(List.of(), tap.replies("plant-b", round, 0));
    assertEquals("declined", Told.task(site("plant-b"), TASK).get("approval").asText());

    site("plant-b").exec("fedwerk:task-approve " + TASK);
    started.coordinator().await("the end", LONG, each -> Told.finished(each, TASK));
    JsonNode rounds = started.coordinator().json("fedwerk:rounds " + TASK);
    JsonNode last = rounds.get(rounds.size() - 1);
    assertEquals("final", last.get("protocol").asText());
    assertEquals(List.of("plant-a", "plant-b", "plant-c"), names(last.get("evaluations")));
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names.stream().sorted().toList();
  }

  @Test
  @Order(6)
  void theKilledSiteSentTheBytesOfAnUndisturbedTraining() throws Exception {
    for (byte[] again : firstReplies) {
      assertArrayEquals(firstReplies.get(0), again);
    }
    Body.Manifest manifest = tap.manifest(KILLED, firstReplies.get(0));
    List<Chunk> chunks = manifest.sections().get(0).chunks();
    assertEquals(trainedOn.size(), (int) manifest.weight());
    List<Digest> named = chunks.stream().map(Chunk::digest).toList();
    assertTrue(
        tap.chunks(KILLED).containsAll(named),
        "the chunks that the manifest names have passed the broker");
    Path folder = started.fresh("undisturbed");
    assertEquals(
        new UndisturbedTraining(started.demo(), folder)
            .firstRound(task, digest, started.plant(KILLED), trainedOn, chunks),
        named);
  }
}
