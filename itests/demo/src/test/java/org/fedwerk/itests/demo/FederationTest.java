// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.fedwerk.itests.demo.SharedFederation.Started;
import org.fedwerk.itests.harness.KarafInstance;
import org.fedwerk.itests.harness.KarafShell;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Five processes of the packaged distribution: three plants learn one model, and what goes wrong is
 * told. The tests build on each other.
 */
@Order(8)
@ExtendWith(SharedFederation.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FederationTest {
  private static final Duration LONG = Duration.ofMinutes(4);
  private static final String TASK = "milling-quality";

  private static Started started;
  private static DemoTask demo;
  private static DemoFederation federation;
  private static Path folder;

  @BeforeAll
  static void threePlantsAndACoordinator(Started shared) {
    started = shared;
    demo = started.demo();
    federation = started.federation();
    folder = started.folder();
  }

  private static KarafInstance coordinator() {
    return federation.coordinator();
  }

  private static KarafInstance site(String id) {
    return Objects.requireNonNull(federation.sites().get(id));
  }

  /** To stop what runs in the middle of a first boot is how Karaf comes to hang now and then. */
  @Test
  @Order(0)
  void aFirstBootStopsNoBundleThatRuns() {
    for (String log : started.earlyLogs().values()) {
      assertTrue(log.contains("Bundles to install:"), log);
      assertFalse(log.contains("Stopping bundles:"), log);
    }
  }

  @Test
  @Order(1)
  void aMisspeltKeyInATaskIsRefusedWithLineAndKeyAndNoStackTrace() throws Exception {
    String yaml = Files.readString(demo.file()).replace("momentum:", "momentun:");
    KarafShell.Output output =
        coordinator()
            .run("fedwerk:task-submit --dry-run " + started.written("misspelt.yaml", yaml));
    assertNotEquals(0, output.exit());
    assertTrue(output.text().contains("momentun"), output.text());
    assertTrue(output.text().matches("(?s).*line \\d+.*"), output.text());
    assertTrue(!output.text().contains("\tat "), output.text());
  }

  @Test
  @Order(2)
  void aDryRunTellsLayoutAndBytes() throws Exception {
    String text = coordinator().exec("fedwerk:task-submit --dry-run " + demo.file());
    assertTrue(text.contains("dense1.weight"), text);
    assertTrue(text.contains("bytes up"), text);
  }

  @Test
  @Order(3)
  void aSchemaThatDiffersFromTheSiteIsRefusedByFieldName() throws Exception {
    String yaml =
        Files.readString(demo.file())
            .replace("task: " + TASK, "task: other-unit")
            .replaceAll("(\\{name: torque, +unit: )Nm", "$1lbf");
    coordinator().exec("fedwerk:task-submit " + started.written("other-unit.yaml", yaml));
    site("plant-a")
        .await(
            "the offered task",
            LONG,
            each -> each.exec("fedwerk:task-approve").contains("other-unit"));
    KarafShell.Output refused = site("plant-a").run("fedwerk:task-approve other-unit");
    assertNotEquals(0, refused.exit());
    assertTrue(refused.text().contains("torque"), refused.text());
    assertTrue(refused.text().contains("lbf"), refused.text());
  }

  @Test
  @Order(4)
  void aSiteIsToldThatItIsNotReadyForATaskThatDoesNotFitItsSignals() throws Exception {
    String text = site("plant-a").exec("fedwerk:assess other-unit");
    assertTrue(text.contains("advice: not yet"), text);
    assertTrue(text.contains("schema.signals.torque.unit"), text);
    assertTrue(text.contains("not known before the first model"), text);
  }

  @Test
  @Order(5)
  void aTextThatIsNoTokenIsRefusedInWords() throws Exception {
    KarafShell.Output refused = site("plant-a").run("fedwerk:enrol bm8gdG9rZW4");
    assertNotEquals(0, refused.exit());
    assertTrue(
        refused.text().contains("token") || refused.text().contains("enrol"), refused.text());
  }

  @Test
  @Order(6)
  void aSiteKilledWhileATaskRunsRejoinsAndAllEndWithTheSameGlobalDigest() throws Exception {
    coordinator().exec("fedwerk:task-submit " + demo.file());
    for (KarafInstance site : federation.sites().values()) {
      site.await("enough examples", LONG, each -> task(each).path("train").asInt() >= 100);
      site.exec("fedwerk:task-approve " + TASK);
    }
    coordinator()
        .await("a committed round", LONG, each -> each.json("fedwerk:rounds " + TASK).size() >= 1);
    site("plant-c").kill();
    site("plant-c").start();
    site("plant-c").awaitBooted(LONG);
    coordinator().await("the end of the task", LONG, each -> Told.finished(each, TASK));
    JsonNode rounds = coordinator().json("fedwerk:rounds " + TASK);
    JsonNode last = rounds.get(rounds.size() - 1);
    assertEquals("final", last.get("protocol").asText());
    for (KarafInstance site : federation.sites().values()) {
      site.await(
          "the final model",
          LONG,
          each -> task(each).path("deployed").asText().equals(last.get("model").asText()));
    }
  }

  /** One site measures on PyTorch, the other on MXNet. */
  @Test
  @Order(7)
  void aSiteIsToldThatItIsReadyAndWhatTheModelAndTheLinkAreWorth() throws Exception {
    for (String id : List.of("plant-a", "plant-b")) {
      JsonNode rows = site(id).json("fedwerk:assess " + TASK);
      Map<String, JsonNode> found = new LinkedHashMap<>();
      rows.forEach(row -> found.put(row.get("finding").asText(), row));
      assertEquals("federated", found.get("advice").get("value").asText(), rows.toString());
      assertTrue(found.get("training examples").get("number").asInt() >= 100, rows.toString());
      assertTrue(found.get("training speed").get("number").asDouble() > 0, rows.toString());
      assertTrue(found.get("a prediction").get("number").asDouble() > 0, rows.toString());
      assertTrue(found.get("the global model here").get("number").isNumber(), rows.toString());
      assertTrue(found.get("an update on its way out").get("number").asLong() > 0);
      assertTrue(found.get("sending an update").get("number").asDouble() > 0, rows.toString());
      assertTrue(found.containsKey("values missing of torque"), rows.toString());
    }
    String table = site("plant-a").exec("fedwerk:assess " + demo.file());
    assertTrue(table.contains("training speed") && table.contains("advice: "), table);
  }

  @Test
  @Order(8)
  void oneSiteLearnedOnMxNetAndTheOthersOnPyTorch() throws Exception {
    for (Map.Entry<String, KarafInstance> site : federation.sites().entrySet()) {
      boolean onMxNet = SharedFederation.ON_MXNET.contains(site.getKey());
      String name = onMxNet ? "MXNet 1." : "PyTorch 2.";
      site.getValue().await("the engine " + name, LONG, each -> engine(each).startsWith(name));
    }
  }

  /** What a site says of its engine; the version is known once it was used. */
  private static String engine(KarafInstance site) throws IOException {
    for (JsonNode line : site.json("fedwerk:status")) {
      if (line.get("subject").asText().equals("learn-djl")) {
        return line.get("detail").asText();
      }
    }
    throw new IllegalStateException("no line learn-djl");
  }

  private static JsonNode task(KarafInstance site) throws IOException {
    return Told.task(site, TASK);
  }

  @Test
  @Order(9)
  void noValueWasLostOnTheWayFromPlantToSite() throws Exception {
    federation.plants().exec("plant:trickle off");
    for (String site : List.of("plant-a", "plant-b")) {
      long written =
          Measured.plants(federation.plants()).stream()
              .filter(each -> each.site().equals(site))
              .findFirst()
              .orElseThrow()
              .values();
      site(site).await("every value", LONG, each -> Measured.received(each) >= written);
    }
    federation.plants().exec("plant:trickle on");
  }

  @Test
  @Order(10)
  void aForeignClientReadsThePredictionOverAnEncryptedSession() throws Exception {
    String digest = task(site("plant-a")).get("deployed").asText();
    Optional<ForeignClient> client =
        ForeignClient.install(
            Path.of(System.getProperty("fedwerk.foreign-client")),
            folder.resolve("foreign-client"));
    if (client.isEmpty()) {
      System.out.println(
          "The prediction is read by Milo: npm or its packages are not to be had here");
      assertEquals(digest, milo(digest));
      return;
    }
    System.out.println("The prediction is read by the Node.js OPC UA client");
    String endpoint = federation.predictionEndpoint("plant-a");
    ForeignClient.Run untrusted =
        client.get().read(endpoint, TASK, federation.user(), federation.password());
    assertNotEquals(0, untrusted.exit(), "a certificate that nobody trusts must be refused");
    DemoFederation.trustAll(site("plant-a"));
    ForeignClient.Run wrong = client.get().read(endpoint, TASK, federation.user(), "wrong");
    assertNotEquals(0, wrong.exit(), "a wrong password must be refused");
    ForeignClient.Run read =
        client.get().read(endpoint, TASK, federation.user(), federation.password());
    assertEquals(0, read.exit(), read.errors());
    assertEquals(Optional.of(digest), read.value("Models." + TASK + ".Digest"));
    assertTrue(
        read.lines().get(0).path("policy").asText().endsWith("Basic256Sha256"),
        read.lines().toString());
  }

  private static String milo(String expected) throws Exception {
    Path pki = folder.resolve("milo");
    for (int attempt = 1; ; attempt++) {
      try (PredictionReader reader =
          new PredictionReader(
              federation.predictionEndpoint("plant-a"),
              federation.user(),
              federation.password(),
              TASK,
              pki)) {
        return reader.read().digest();
      } catch (org.eclipse.milo.opcua.stack.core.UaException untrusted) {
        assertTrue(
            attempt < 3, "the session for " + expected + " is refused: " + untrusted.getMessage());
        DemoFederation.trustAll(site("plant-a"));
      }
    }
  }

  @Test
  @Order(11)
  void everythingThatLeftASiteIsOnItsRecord() throws Exception {
    JsonNode egress = site("plant-a").json("fedwerk:egress --most 1000");
    assertTrue(
        egress.findValuesAsText("kind").containsAll(List.of("sync", "ready", "manifest", "chunk")));
    assertTrue(egress.findValuesAsText("passed").stream().allMatch("true"::equals));
  }

  @Test
  @Order(12)
  void theSitePredictsWithItsLastModelWhenTheCoordinatorIsGone() throws Exception {
    long before = task(site("plant-a")).get("predictions").asLong();
    coordinator().kill();
    site("plant-a")
        .await(
            "more predictions", LONG, each -> task(each).get("predictions").asLong() >= before + 5);
    Map<String, KarafInstance> sites = federation.sites();
    assertEquals(3, sites.size());
  }

  @Test
  @Order(13)
  void noSecretReachesALogOrADump() throws Exception {
    Map<String, String> secrets = new LinkedHashMap<>();
    secrets.put("the password of machines, labels and SCADA", federation.password());
    for (String token : federation.tokens()) {
      String lines = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
      String site = lines.lines().skip(2).findFirst().orElseThrow();
      secrets.put("the token of " + site, token);
      secrets.put("the secret of " + site, lines.lines().skip(7).findFirst().orElseThrow());
    }
    assertEquals(7, secrets.size());
    assertEquals(5, federation.all().size());
    for (KarafInstance each : federation.all()) {
      assertSilent(each, secrets);
    }
  }

  private static void assertSilent(KarafInstance process, Map<String, String> secrets)
      throws IOException {
    if (process.isAlive()) {
      process.exec("dev:dump-create --no-heap-dump");
    }
    List<Path> read = new ArrayList<>();
    try (Stream<Path> files = Files.walk(process.base())) {
      for (Path file : files.filter(FederationTest::isLogOrDump).toList()) {
        read.add(file);
        String text = text(file);
        secrets.forEach(
            (what, secret) -> assertTrue(!text.contains(secret), file + " holds " + what));
      }
    }
    assertTrue(read.contains(process.base().resolve("data/log/karaf.log")), read.toString());
  }

  private static boolean isLogOrDump(Path file) {
    String name = file.getFileName().toString();
    return Files.isRegularFile(file)
        && (name.contains(".log") || name.endsWith(".out") || name.endsWith(".zip"));
  }

  private static String text(Path file) throws IOException {
    if (!file.toString().endsWith(".zip")) {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    }
    StringBuilder text = new StringBuilder();
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (ZipEntry entry : Collections.list(zip.entries())) {
        text.append(
            new String(zip.getInputStream(entry).readAllBytes(), StandardCharsets.ISO_8859_1));
      }
    }
    return text.toString();
  }
}
