// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.fedwerk.api.RefusedException;
import org.fedwerk.itests.figures.Figures;
import org.fedwerk.itests.harness.Folders;
import org.fedwerk.itests.harness.KarafInstance;
import org.fedwerk.learn.djl.internal.DjlEngine;
import org.fedwerk.learn.djl.internal.EngineSettings;

/**
 * The main job: three plants learn one quality model in Karaf, from a machine's OPC UA server to a
 * prediction that a SCADA client reads.
 */
public final class Demo {
  private static final long MILLING_PARTS = 1000;
  private static final Duration COLLECT = Duration.ofMinutes(10);
  private static final Duration LEARN = Duration.ofMinutes(20);
  private static final List<String> REQUIRED =
      List.of(
          "demo.federated",
          "demo.pooled",
          "demo.local-home",
          "demo.local-abroad",
          "demo.rounds",
          "demo.examples",
          "demo.round-seconds",
          "demo.round-seconds.p95",
          "demo.bytes-per-round",
          "demo.values-lost",
          "demo.seconds",
          "demo.boot.seconds",
          "demo.site.rss",
          "demo.coordinator.rss");
  private static final List<String> REQUIRED_WITH_TRICKLE =
      List.of("demo.prediction-latency.p50", "demo.prediction-latency.p99");

  private final Path folder;
  private final DemoTask demo;
  private final DemoFederation federation;
  private final Figures figures = new Figures(System.out);
  private final Map<String, PredictionReader> readers = new LinkedHashMap<>();
  private final long started = System.nanoTime();
  private final DjlEngine engine = new DjlEngine(EngineSettings.defaults());

  private Demo(DemoTask demo, Path home, Path folder, Path engineCache) throws Exception {
    this.demo = demo;
    this.folder = folder;
    this.federation = new DemoFederation(demo, home, folder, engineCache);
  }

  /**
   * Runs the demo. System properties: {@code fedwerk.home} the unpacked distribution, {@code
   * fedwerk.examples} the folder of example documents, {@code demo.folder} for everything it
   * writes, {@code demo.data} a folder to replay (else milling is simulated), {@code demo.keep} to
   * go on until Ctrl-C.
   */
  public static void main(String[] args) throws Exception {
    Path examples = Path.of(System.getProperty("fedwerk.examples"));
    String data = System.getProperty("demo.data", "");
    Path folder = Path.of(System.getProperty("demo.folder")).toAbsolutePath();
    Folders.delete(folder);
    Files.createDirectories(folder);
    DemoTask demo;
    try {
      demo =
          data.isEmpty()
              ? DemoTask.milling(examples, MILLING_PARTS)
              : DemoTask.replay(Path.of(data), examples);
    } catch (RefusedException refused) {
      System.err.println("demo.data = " + data + " cannot be used:\n" + refused.getMessage());
      System.exit(2);
      return;
    }
    Demo run =
        new Demo(
            demo,
            Path.of(System.getProperty("fedwerk.home")),
            folder,
            Path.of(Objects.requireNonNull(System.getenv("DJL_CACHE_DIR"))));
    Thread stop = new Thread(run.federation::close, "fedwerk-demo-stop");
    Runtime.getRuntime().addShutdownHook(stop);
    try {
      run.run();
      if (Boolean.getBoolean("demo.keep")) {
        System.out.println("demo.keep: everything goes on until Ctrl-C");
        new CountDownLatch(1).await();
      }
    } catch (Exception failed) {
      System.err.println(
          "The demo has failed: " + failed + "\nLogs: " + folder + "/*/data/log/karaf.log");
      failed.printStackTrace();
      System.exit(1);
    }
    System.exit(0);
  }

  private void run() throws Exception {
    say(
        "Learning \"%s\" at %s",
        demo.task().name(), demo.plants().stream().map(DemoTask.Plant::site).toList());
    Thread unpack = new Thread(engine::description, "fedwerk-demo-unpack");
    unpack.start();
    Duration boot = federation.startCoordinator();
    say(
        "The coordinator was ready %.1f s after its start; now three sites and the plants start",
        seconds(boot));
    unpack.join();
    federation.startOthers();
    say("Five processes run; enrolling the sites by token");
    federation.enrol();
    federation.connectSources(Duration.ofMinutes(2));
    federation.produce();
    say("Every site is connected to its machine and to its quality labels; the plants produce");
    String digest =
        federation
            .coordinator()
            .exec("fedwerk:task-submit " + demo.file())
            .replace("submitted ", "")
            .strip();
    say("Task %s is submitted and waits for each site's owner", digest.substring(0, 12));
    collect();
    letScadaIn();
    approve();
    long bytesBefore = Measured.brokerBytes(federation.coordinator());
    learn();
    List<Measured.PlantCounts> duringRounds = Measured.plants(federation.plants());
    long bytes = Measured.brokerBytes(federation.coordinator()) - bytesBefore;
    JsonNode rounds = federation.coordinator().json("fedwerk:rounds " + demo.task().name());
    equalDigests(rounds.get(rounds.size() - 1).get("model").asText());
    finish(boot, rounds, bytes, duringRounds);
  }

  private void collect() throws Exception {
    int least = demo.task().rounds().examplesLeast();
    String[] last = {""};
    for (KarafInstance site : federation.sites().values()) {
      site.await(
          least + " training examples, and the end of the plant's bulk",
          COLLECT,
          each -> {
            StringBuilder text = new StringBuilder();
            boolean enough = true;
            for (Map.Entry<String, KarafInstance> entry : federation.sites().entrySet()) {
              JsonNode parts = entry.getValue().json("fedwerk:parts").get(0);
              text.append(entry.getKey()).append(' ').append(parts.get("labelled")).append("  ");
            }
            if (!text.toString().equals(last[0])) {
              last[0] = text.toString();
              say("labelled parts: %s", text);
            }
            for (Measured.PlantCounts plant : Measured.plants(federation.plants())) {
              enough &= !plant.state().equals("BULK") && !plant.state().equals("WAITING");
            }
            for (JsonNode task : each.json("fedwerk:task-approve")) {
              enough &= task.get("train").asInt() >= least;
            }
            return enough;
          });
    }
  }

  /**
   * A SCADA client's first session is refused until the site's owner trusts its certificate; the
   * plants' own sessions wait for the same.
   */
  private void letScadaIn() throws Exception {
    for (Map.Entry<String, KarafInstance> site : federation.sites().entrySet()) {
      site.getValue()
          .await(
              "an encrypted session of a SCADA client",
              Duration.ofMinutes(2),
              each -> {
                try {
                  readers.put(site.getKey(), reader(site.getKey()));
                  return true;
                } catch (UaException untrusted) {
                  DemoFederation.trustAll(each);
                  return false;
                } catch (GeneralSecurityException broken) {
                  throw new IllegalStateException("the demo has no key of its own", broken);
                }
              });
      DemoFederation.trustAll(site.getValue());
    }
    say("The sites trust the SCADA client and the plants' own sessions");
  }

  private void approve() throws Exception {
    for (KarafInstance site : federation.sites().values()) {
      site.exec("fedwerk:task-approve " + demo.task().name());
    }
    say("All owners have approved; rounds begin");
  }

  private void learn() throws Exception {
    int[] seen = {0};
    federation
        .coordinator()
        .await(
            "the end of the task",
            LEARN,
            coordinator -> {
              JsonNode rounds = coordinator.json("fedwerk:rounds " + demo.task().name());
              for (; seen[0] < rounds.size(); seen[0]++) {
                JsonNode round = rounds.get(seen[0]);
                say(
                    "round %2d  %s  %.3f s",
                    round.get("round").asInt(), brief(round), round.get("seconds").asDouble());
                if (seen[0] % 5 == 4) {
                  showPredictions();
                }
              }
              String state = coordinator.json("fedwerk:rounds").get(0).get("state").asText();
              if (state.equals("failed")) {
                throw new IllegalStateException(
                    "the task has failed; fedwerk:rounds at the coordinator tells why");
              }
              return state.equals("finished")
                  && coordinator.json("fedwerk:rounds " + demo.task().name()).size() == seen[0];
            });
  }

  private String brief(JsonNode round) {
    StringBuilder text = new StringBuilder();
    for (String name :
        List.of(
            "train.loss",
            "validation." + demo.task().rounds().metric(),
            "test." + demo.task().rounds().metric())) {
      JsonNode value = round.get("values").get(name);
      if (value != null) {
        text.append(String.format(Locale.ROOT, "%s %.4f  ", name, value.asDouble()));
      }
    }
    return text.toString().stripTrailing();
  }

  private void showPredictions() {
    readers.forEach(
        (site, reader) -> {
          try {
            say("    read over OPC UA at %s: %s", site, reader.read().text());
          } catch (UaException failed) {
            say("    read over OPC UA at %s failed: %s", site, String.valueOf(failed.getMessage()));
          }
        });
  }

  private PredictionReader reader(String site)
      throws UaException, java.io.IOException, GeneralSecurityException {
    return new PredictionReader(
        federation.predictionEndpoint(site),
        federation.user(),
        federation.password(),
        demo.task().name(),
        folder.resolve("scada"));
  }

  private void equalDigests(String global) throws Exception {
    for (Map.Entry<String, KarafInstance> site : federation.sites().entrySet()) {
      String deployed =
          site.getValue().json("fedwerk:task-approve").get(0).get("deployed").asText();
      if (!deployed.equals(global)) {
        throw new IllegalStateException(
            site.getKey() + " runs " + deployed + ", the coordinator's model is " + global);
      }
    }
    say("Coordinator and all sites hold the same model %s", global.substring(0, 12));
  }

  private void finish(
      Duration boot, JsonNode rounds, long bytes, List<Measured.PlantCounts> duringRounds)
      throws Exception {
    federation.plants().exec("plant:trickle off");
    long lost = Measured.lost(federation.plants(), federation.sites(), Duration.ofSeconds(20));
    double siteRss = 0;
    for (KarafInstance site : federation.sites().values()) {
      siteRss = Math.max(siteRss, site.highWaterMb());
    }
    say("Training the comparisons outside every site");
    Comparison.Result comparison =
        new Comparison(demo, folder.resolve("comparison"), engine).run(federation.sites());
    List<Double> seconds = new ArrayList<>();
    for (JsonNode round : rounds) {
      if (round.get("protocol").asText().equals("train")) {
        seconds.add(round.get("seconds").asDouble());
      }
    }
    String metric = demo.task().rounds().metric();
    System.out.println();
    figures.print(
        "demo.federated", Measured.meanMetric(rounds.get(rounds.size() - 1), metric), metric);
    figures.print("demo.pooled", comparison.baselines().pooled(), metric);
    figures.print("demo.local-home", comparison.baselines().localHome(), metric);
    figures.print("demo.local-abroad", comparison.baselines().localAbroad(), metric);
    figures.print("demo.rounds", seconds.size(), "rounds");
    figures.print("demo.examples", comparison.training(), "training-examples");
    figures.print("demo.round-seconds", Measured.quantile(seconds, 0.5), "s");
    figures.print("demo.round-seconds.p95", Measured.quantile(seconds, 0.95), "s");
    figures.print("demo.bytes-per-round", (double) (bytes / seconds.size()), "bytes");
    figures.print("demo.values-lost", lost, "values");
    latencies(duringRounds);
    figures.print("demo.site.rss", siteRss, "MB");
    figures.print("demo.coordinator.rss", federation.coordinator().highWaterMb(), "MB");
    figures.print("demo.boot.seconds", seconds(boot), "s");
    figures.print("demo.seconds", seconds(Duration.ofNanos(System.nanoTime() - started)), "s");
    figures.require(REQUIRED);
    table(comparison, metric);
    if (lost != 0) {
      throw new IllegalStateException(lost + " values were lost between plants and sites");
    }
  }

  /**
   * The slowest plant counts. A recording makes no parts while the sites train, so it has no
   * latency.
   */
  private void latencies(List<Measured.PlantCounts> plants) {
    double p50 = 0;
    double p99 = 0;
    long probes = 0;
    for (Measured.PlantCounts plant : plants) {
      probes += plant.probes();
      if (plant.probes() > 0) {
        p50 = Math.max(p50, plant.p50Millis());
        p99 = Math.max(p99, plant.p99Millis());
      }
    }
    if (demo.plants().stream()
        .allMatch(plant -> "replay".equals(plant.settings().get("process")))) {
      return;
    }
    if (probes == 0) {
      throw new IllegalStateException(
          "no prediction reached the plants' own OPC UA sessions, so there is no latency");
    }
    figures.print("demo.prediction-latency.p50", p50, "ms");
    figures.print("demo.prediction-latency.p99", p99, "ms");
    figures.require(REQUIRED_WITH_TRICKLE);
  }

  private void table(Comparison.Result comparison, String metric) {
    System.out.printf(Locale.ROOT, "%n%-44s %s%n", "On test parts, mean over sites", metric);
    System.out.printf(
        Locale.ROOT,
        "  %-42s %.3f%n",
        "each site alone, at home",
        comparison.baselines().localHome());
    System.out.printf(
        Locale.ROOT,
        "  %-42s %.3f%n",
        "each site alone, at the other sites",
        comparison.baselines().localAbroad());
    System.out.printf(
        Locale.ROOT,
        "  %-42s %.3f%n",
        "federated: the data stayed at home",
        figures.value("demo.federated"));
    System.out.printf(
        Locale.ROOT,
        "  %-42s %.3f%n",
        "pooled: all data in one place",
        comparison.baselines().pooled());
    System.out.printf(
        Locale.ROOT,
        "  %-42s %.0f%n",
        "training examples, fewest at one site",
        (double) comparison.leastTraining());
    System.out.printf(
        Locale.ROOT,
        "  %-42s %.0f%n",
        "bytes per round, all sites, both directions",
        figures.value("demo.bytes-per-round"));
    System.out.printf(
        Locale.ROOT,
        "  %-42s %.2f (p95 %.2f)%n",
        "seconds per round",
        figures.value("demo.round-seconds"),
        figures.value("demo.round-seconds.p95"));
    System.out.printf(
        Locale.ROOT,
        "  %-42s %.0f and %.0f%n",
        "memory of a site and of the coordinator, MB",
        figures.value("demo.site.rss"),
        figures.value("demo.coordinator.rss"));
    for (String site : federation.sites().keySet()) {
      System.out.printf(
          "  browse %-18s plant %s   predictions %s%n",
          site, federation.plantEndpoint(site), federation.predictionEndpoint(site));
    }
    System.out.println();
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  private void say(String format, Object... values) {
    double at = (System.nanoTime() - started) / 1e9;
    System.out.printf(Locale.ROOT, "%6.1f s  %s%n", at, String.format(Locale.ROOT, format, values));
  }
}
