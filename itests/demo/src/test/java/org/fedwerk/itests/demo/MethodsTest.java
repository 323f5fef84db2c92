// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fedwerk.api.Digest;
import org.fedwerk.itests.demo.SharedFederation.Started;
import org.fedwerk.itests.harness.KarafInstance;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Several tasks at once in the packaged distribution, each by other methods, with sites on two
 * engines: what a task's document chooses is what sites and coordinator do. The tests build on each
 * other.
 */
@Order(7)
@ExtendWith(SharedFederation.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MethodsTest {
  private static final Duration LONG = Duration.ofMinutes(4);
  private static final String FEATURES = "features";
  private static final String REGIMES = "regimes";
  private static final String CLUSTERS = "clusters";
  private static final String SPLIT = "split";
  private static final String SMALL = "small";
  private static final String ANOMALY = "anomaly";
  private static final String BASE = "on-a-base";
  private static final String TOGETHER = "together";
  private static final String LOW_RANK = "low-rank";
  private static final Pattern ABOVE = Pattern.compile("alarm above ([0-9.eE-]+)");
  private static final Map<String, String> TASKS = new LinkedHashMap<>();

  private static Started started;

  /** Two rounds of each task, all offered before the first is over. */
  @BeforeAll
  static void tasksOfManyMethods(Started shared) throws Exception {
    started = shared;
    putTheBase();
    for (KarafInstance site : sites().values()) {
      site.configure(
          "org.fedwerk.site", Map.of("statistics.leave", "true", "contribution.allowed", "true"));
    }
    String plain = Files.readString(started.demo().file());
    TASKS.put(
        FEATURES,
        with(
                with(plain, "schema", "derive: {difference: 1, bands: 2, statistics: [mean, max]}"),
                "model",
                "norm: batch") // FedBN
            + "\nlocal: {layers: [norm1, norm2], head-epochs: 1}\n");
    TASKS.put(
        REGIMES,
        with(plain, "schema", "regimes: {signals: [variant], centroids: [[0], [1], [2]]}")
            + "\nlocal: {ditto: 0.1, sampling: shuffled}\n");
    TASKS.put(CLUSTERS, plain + "\nlocal: {clusters: 2}\ncompression: {zstd: on}\n");
    TASKS.put(
        SPLIT, plain + "\nlocal: {clusters: 2, split: {mean: 1, largest: 0.001, similarity: 1}}\n");
    TASKS.put(
        SMALL,
        plain.replaceAll("(?m)^(  class-weights:) .*$", "$1 {failure: 5}")
            + "\ncompression: {values: top-k, share: 0.1, precision: int8, zstd: on,"
            + " down: {precision: int8}}\n");
    TASKS.put(ANOMALY, example("milling-anomaly.yaml"));
    TASKS.put(BASE, example("milling-base.yaml").replaceAll("(?m)^(  cohort-least:) .*$", "$1 2"));
    TASKS.put(
        TOGETHER,
        plain.replaceAll("(?m)^normalisation: .*$", "normalisation: federated")
            + "\ncontribution: {of: [leave-one-out, shapley, matrix]}\n");
    TASKS.put(LOW_RANK, plain + "\ncompression: {values: low-rank, rank: 4}\n");
    for (Map.Entry<String, String> task : TASKS.entrySet()) {
      Path file = started.written(task.getKey() + ".yaml", shortened(task));
      coordinator().exec("fedwerk:task-submit " + file);
    }
    for (KarafInstance site : sites().values()) {
      for (String task : TASKS.keySet()) {
        site.await("the task", LONG, each -> Told.task(each, task).path("train").asInt() >= 100);
        site.exec("fedwerk:task-approve " + task);
      }
    }
  }

  /** The file of the documented task on a base, at each site in a folder of its own. */
  private static void putTheBase() throws Exception {
    byte[] module = Files.readAllBytes(examples().resolve("base/moments.pt"));
    for (Map.Entry<String, KarafInstance> site : sites().entrySet()) {
      Path bases = Files.createDirectories(started.folder().resolve("bases-" + site.getKey()));
      Files.write(bases.resolve(Digest.of(module).hex() + ".pt"), module);
      String engine = SharedFederation.ON_MXNET.contains(site.getKey()) ? "mxnet" : "pytorch";
      site.getValue()
          .configure("org.fedwerk.learn.djl", Map.of("engine", engine, "bases", bases.toString()));
    }
  }

  private static Path examples() {
    return Path.of(System.getProperty("fedwerk.examples"));
  }

  private static String example(String name) throws IOException {
    return Files.readString(examples().resolve(name));
  }

  private static String with(String yaml, String group, String line) {
    return yaml.replaceAll("(?m)^" + group + ":.*$", "$0\n  " + line);
  }

  private static String shortened(Map.Entry<String, String> task) {
    return task.getValue()
        .replaceAll("(?m)^task: .*$", "task: " + task.getKey())
        .replaceAll("(?m)^(  max:) .*$", "$1 2")
        .replaceAll("(?m)^(  least:) .*$", "$1 2")
        .replaceAll("(?m)^(  examples-least:) .*$", "$1 100")
        .replaceAll("(?m)^(  stall:) .*$", "$1 60s");
  }

  private static KarafInstance coordinator() {
    return started.coordinator();
  }

  private static Map<String, KarafInstance> sites() {
    return started.federation().sites();
  }

  /** A task's second round of training. */
  private static JsonNode second(String task) throws IOException {
    return coordinator().json("fedwerk:rounds " + task).get(1);
  }

  /** How a task stands at a site, in words. */
  private static String detail(String id, String task) throws IOException {
    return Told.status(site(id).json("fedwerk:status"), "task " + task).path("detail").asText();
  }

  @Test
  @Order(1)
  void allTasksEndAndEverySiteRunsTheirModels() throws Exception {
    for (String task : TASKS.keySet()) {
      coordinator().await("the end of " + task, LONG, each -> Told.finished(each, task));
      JsonNode rounds = coordinator().json("fedwerk:rounds " + task);
      JsonNode last = rounds.get(rounds.size() - 1);
      assertEquals("final", last.path("protocol").asText(), rounds.toString());
      for (Map.Entry<String, KarafInstance> each : sites().entrySet()) {
        if (task.equals(BASE) && SharedFederation.ON_MXNET.contains(each.getKey())) {
          continue;
        }
        KarafInstance site = each.getValue();
        site.await(
            "the final model of " + task,
            LONG,
            at ->
                Told.task(at, task).path("deployed").asText().equals(last.path("model").asText()));
        site.await(
            "a prediction of " + task,
            LONG,
            at -> Told.task(at, task).path("predictions").asInt() > 0);
      }
    }
  }

  @Test
  @Order(2)
  void theFirstLayerTakesTheFeaturesAndNotTheWindow() throws Exception {
    String plain = coordinator().exec("fedwerk:task-submit --dry-run " + file(SMALL));
    String derived = coordinator().exec("fedwerk:task-submit --dry-run " + file(FEATURES));
    assertTrue(plain.contains("dense1.weight SHARED [64, 48]"), plain);
    assertTrue(derived.contains("dense1.weight SHARED [64, 24]"), derived);
    assertFalse(derived.contains("norm1"), "the normalisation does not travel: " + derived);
  }

  private static Path file(String task) {
    return started.folder().resolve(task + ".yaml");
  }

  @Test
  @Order(3)
  void eachSiteIsToldInWhichClusterItIs() throws Exception {
    JsonNode values = second(CLUSTERS).path("values");
    for (String site : sites().keySet()) {
      int cluster = values.path("cluster." + site).asInt();
      assertTrue(cluster == 1 || cluster == 2, values.toString());
      String status = detail(site, CLUSTERS);
      assertTrue(status.matches(".*cluster [12] of 2.*"), status);
    }
  }

  @Test
  @Order(3)
  void eachSiteIsToldWhoseModelItHasOnceSitesAreParted() throws Exception {
    JsonNode values = second(SPLIT).path("values");
    assertEquals(2, values.path("clusters").asInt(), values.toString());
    Set<Integer> clusters = new HashSet<>();
    for (String site : sites().keySet()) {
      int cluster = values.path("cluster." + site).asInt();
      clusters.add(cluster);
      String status = detail(site, SPLIT);
      assertTrue(status.contains(", cluster " + cluster + " of 2"), status + " " + values);
    }
    assertEquals(Set.of(1, 2), clusters, values.toString());
  }

  private static KarafInstance site(String id) {
    return Objects.requireNonNull(sites().get(id));
  }

  /** The same network, and with it all that goes beside an update: evaluations and signatures. */
  @Test
  @Order(4)
  void aCompressedUpdateTakesAFifthOfAPlainOne() throws Exception {
    long plain = second(REGIMES).path("bytes up").asLong();
    long small = second(SMALL).path("bytes up").asLong();
    assertTrue(small > 0 && small * 5 < plain, small + " bytes instead of " + plain);
  }

  @Test
  @Order(5)
  void eachSiteHasAThresholdOfItsOwnForAnomalies() throws Exception {
    Set<String> thresholds = new HashSet<>();
    for (String site : sites().keySet()) {
      Matcher above = ABOVE.matcher(detail(site, ANOMALY));
      assertTrue(above.find(), detail(site, ANOMALY));
      thresholds.add(above.group(1));
    }
    assertEquals(3, thresholds.size(), thresholds.toString());
  }

  @Test
  @Order(6)
  void aSiteThatCannotRunTheBaseStaysAwayAndSaysWhy() throws Exception {
    String detail = detail("plant-b", BASE);
    assertTrue(detail.contains("this site learns on MXNet"), detail);
    JsonNode cohort = second(BASE).path("cohort");
    assertEquals("[\"plant-a\",\"plant-c\"]", cohort.toString());
  }

  @Test
  @Order(7)
  void theFederationsStatisticsComeFirstAndASiteSeesHowFarItIsFromThem() throws Exception {
    JsonNode rounds = coordinator().json("fedwerk:rounds " + TOGETHER);
    assertEquals("statistics", rounds.get(0).path("protocol").asText(), rounds.toString());
    assertEquals("train", rounds.get(1).path("protocol").asText(), rounds.toString());
    JsonNode found = site("plant-c").json("fedwerk:assess " + TOGETHER);
    assertTrue(
        found.findValuesAsText("finding").stream().anyMatch(each -> each.contains("distance")),
        found.toString());
    assertFalse(found.toString().contains("their statistics do not leave them"), found.toString());
    JsonNode egress = site("plant-c").json("fedwerk:egress --most 2000");
    assertTrue(
        egress.findValuesAsText("what").stream()
            .anyMatch(each -> each.contains("mean and variance")),
        "that they left is on record");
  }

  /** One more training; the models of single sites and of all but one are judged by every site. */
  @Test
  @Order(8)
  void whatEachSiteAddsIsFoundBehindTheTraining() throws Exception {
    JsonNode rows = coordinator().json("fedwerk:contributions " + TOGETHER);
    assertEquals(List.copyOf(sites().keySet()), rows.findValuesAsText("site"));
    for (JsonNode row : rows) {
      assertTrue(row.path("leaving it out").isNumber(), row.toString());
      assertTrue(row.path("shapley").isNumber(), row.toString());
      for (String judge : sites().keySet()) {
        double worth = row.path("at " + judge).asDouble(Double.NaN);
        assertTrue(worth >= 0 && worth <= 1, row.toString());
      }
    }
  }

  @Test
  @Order(9)
  void factorsOfLowRankTakeAThirdOfAPlainUpdate() throws Exception {
    long plain = second(REGIMES).path("bytes up").asLong();
    long factors = second(LOW_RANK).path("bytes up").asLong();
    assertTrue(factors > 0 && factors * 3 < plain, factors + " bytes instead of " + plain);
  }

  @Test
  @Order(10)
  void nobodyWroteAStackTrace() throws Exception {
    for (KarafInstance each : List.of(coordinator(), site("plant-a"), site("plant-b"))) {
      assertEquals("", Told.stackTrace(each.log()), each.name());
    }
  }
}
