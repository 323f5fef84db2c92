// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.fedwerk.itests.demo.DemoTask.Plant;
import org.fedwerk.itests.harness.Folders;
import org.fedwerk.itests.harness.KarafInstance;
import org.fedwerk.itests.harness.Ports;
import org.fedwerk.plant.process.ProcessSignal;

/**
 * The Karaf processes of the demo, laid out and configured as an engineer would: one coordinator,
 * one process of plants, one process per site.
 */
final class DemoFederation implements AutoCloseable {
  private static final Duration BOOT = Duration.ofSeconds(240);
  private static final String USER = "scada";

  private final DemoTask demo;
  private final Path folder;
  private final Path home;
  private KarafInstance coordinator;
  private final List<KarafInstance> further = new ArrayList<>();
  private final KarafInstance plants;
  private final Map<String, KarafInstance> sites = new LinkedHashMap<>();
  private final Map<String, Integer> plantPorts = new LinkedHashMap<>();
  private final Map<String, Integer> predictPorts = new LinkedHashMap<>();
  private final String password = UUID.randomUUID().toString();
  private final List<String> tokens = new ArrayList<>();
  private final int brokerPort = Ports.free();
  private final int labelsPort = Ports.free();

  DemoFederation(DemoTask demo, Path home, Path folder, Path engineCache)
      throws IOException, InterruptedException {
    this(demo, home, folder, engineCache, Set.of());
  }

  /**
   * The same with sites on different engines.
   *
   * @param onMxNet sites that learn on MXNet; the others learn on PyTorch
   */
  DemoFederation(DemoTask demo, Path home, Path folder, Path engineCache, Set<String> onMxNet)
      throws IOException, InterruptedException {
    this.demo = demo;
    this.folder = folder;
    this.home = home;
    coordinator =
        new KarafInstance(
            home, folder.resolve("coordinator"), List.of("fedwerk-coordinator"), "192m", Map.of());
    plants =
        new KarafInstance(
            home, folder.resolve("plants"), List.of("fedwerk-demo-plant"), "512m", Map.of());
    for (Plant plant : demo.plants()) {
      String engine = onMxNet.contains(plant.site()) ? "mxnet" : "pytorch";
      KarafInstance site =
          new KarafInstance(
              home,
              folder.resolve(plant.site()),
              List.of("fedwerk-site", "fedwerk-engine-" + engine),
              "320m",
              Map.of("DJL_CACHE_DIR", engineCache.toString()));
      site.configure("org.fedwerk.learn.djl", Map.of("engine", engine));
      sites.put(plant.site(), site);
      plantPorts.put(plant.site(), Ports.free());
      predictPorts.put(plant.site(), Ports.free());
    }
    LabelBrokerKeys.make(folder.resolve("labels"), password);
    configureCoordinator(coordinator);
    configurePlants();
    for (Plant plant : demo.plants()) {
      configureSite(plant);
    }
  }

  KarafInstance coordinator() {
    return coordinator;
  }

  KarafInstance plants() {
    return plants;
  }

  Map<String, KarafInstance> sites() {
    return sites;
  }

  String predictionEndpoint(String site) {
    return "opc.tcp://127.0.0.1:" + port(predictPorts, site);
  }

  String plantEndpoint(String site) {
    return "opc.tcp://127.0.0.1:" + port(plantPorts, site) + "/plant/" + site;
  }

  String user() {
    return USER;
  }

  String password() {
    return password;
  }

  /** Where the federation's broker listens. */
  int brokerPort() {
    return brokerPort;
  }

  /** The tokens that the sites were enrolled with. */
  List<String> tokens() {
    return List.copyOf(tokens);
  }

  private static int port(Map<String, Integer> ports, String site) {
    return Objects.requireNonNull(ports.get(site));
  }

  private void configureCoordinator(KarafInstance process) throws IOException {
    configureAuthority(process);
    process.configure(
        "org.fedwerk.broker-federation",
        Map.of("auth", "federation", "port", Integer.toString(brokerPort)));
  }

  private void configureAuthority(KarafInstance process) throws IOException {
    process.configure(
        "org.fedwerk.identity.authority",
        Map.of(
            "federation",
            "demo",
            "coordinator",
            "hq",
            "enrolment.port",
            Integer.toString(Ports.free()),
            "broker.port",
            Integer.toString(brokerPort)));
  }

  /**
   * A process with the coordinator's keys on another machine, without a broker; it is not started.
   */
  KarafInstance beside(String name, List<String> features) throws IOException {
    KarafInstance another =
        new KarafInstance(home, folder.resolve(name), features, "192m", Map.of());
    further.add(another);
    configureAuthority(another);
    Path keys = Path.of("data/fedwerk/identity");
    Files.createDirectories(another.base().resolve(keys).getParent());
    Folders.copy(coordinator.base().resolve(keys), another.base().resolve(keys));
    return another;
  }

  /** Another machine for the coordinator, in the place of the one that is gone; not started. */
  KarafInstance replaceCoordinator(String name) throws IOException {
    KarafInstance gone = coordinator;
    KarafInstance another = beside(name, List.of("fedwerk-coordinator"));
    configureCoordinator(another);
    further.add(gone);
    further.remove(another);
    coordinator = another;
    return another;
  }

  private void configurePlants() throws IOException {
    Map<String, String> broker = new LinkedHashMap<>();
    broker.put("auth", "users");
    broker.put("port", Integer.toString(labelsPort));
    broker.put("keystore", folder.resolve("labels/labels.p12").toString());
    broker.put("keystore.password", password);
    for (Plant plant : demo.plants()) {
      for (String user : List.of(plant.site(), plant.site() + "-site")) {
        broker.put("user." + user + ".password", password);
        broker.put("user." + user + ".topics", plant.site() + "/#");
      }
    }
    plants.configure("org.fedwerk.broker-labels", broker);
    for (Plant plant : demo.plants()) {
      Map<String, String> settings = new LinkedHashMap<>(plant.settings());
      settings.put("site", plant.site());
      settings.put("opcua.port", Integer.toString(port(plantPorts, plant.site())));
      settings.put("opcua.user", USER);
      settings.put(".opcua.password", password);
      settings.put("trust.all.clients", "true");
      settings.put("start.at-once", "false");
      settings.put("broker.host", "127.0.0.1");
      settings.put("broker.port", Integer.toString(labelsPort));
      settings.put("broker.ca", folder.resolve("labels/labels.pem").toString());
      settings.put("broker.user", plant.site());
      settings.put(".broker.password", password);
      settings.put("probe.endpoint", predictionEndpoint(plant.site()));
      settings.put("probe.user", USER);
      settings.put(".probe.password", password);
      settings.put(
          "probe.node", "nsu=urn:fedwerk:opcua;s=Models." + demo.task().name() + ".Serial");
      settings.put("probe.trust-server", "true");
      plants.configure("org.fedwerk.plant-" + plant.site(), settings);
    }
  }

  private void configureSite(Plant plant) throws IOException {
    KarafInstance site = Objects.requireNonNull(sites.get(plant.site()));
    site.configure("org.fedwerk.identity.site", Map.of("folder", "${karaf.data}/fedwerk/identity"));
    configureMachine(plant, password);
    configureQuality(plant, site);
    Map<String, String> predict = new LinkedHashMap<>();
    predict.put("port", Integer.toString(port(predictPorts, plant.site())));
    predict.put("user", USER);
    predict.put(".password", password);
    site.configure("org.fedwerk.predict.opcua", predict);
  }

  /** Writes a site's configuration of its machine, also while the site runs. */
  void configureMachine(Plant plant, String machinePassword) throws IOException {
    KarafInstance site = Objects.requireNonNull(sites.get(plant.site()));
    String namespace = "nsu=urn:fedwerk:plant:" + plant.site() + ";s=Machine.";
    Map<String, String> opcua = new LinkedHashMap<>();
    opcua.put("endpoint", plantEndpoint(plant.site()));
    opcua.put("policy", "Basic256Sha256");
    opcua.put("mode", "SignAndEncrypt");
    opcua.put("user", USER);
    opcua.put(".password", machinePassword);
    opcua.put("publishing.interval", "20");
    opcua.put("backoff.max", "2000");
    opcua.put("part", "serial");
    opcua.put("signal.serial", namespace + "PartSerial");
    for (ProcessSignal signal : plant.process().signals()) {
      opcua.put(
          "signal." + signal.name(),
          namespace + signal.nodeName() + (signal.unit().isEmpty() ? "" : " | " + signal.unit()));
    }
    site.configure("org.fedwerk.signal.opcua-machine", opcua);
  }

  private void configureQuality(Plant plant, KarafInstance site) throws IOException {
    List<String> codes = new ArrayList<>();
    demo.codes(plant).forEach((code, name) -> codes.add(code + "=" + name));
    String label = plant.process().label();
    Map<String, String> mqtt = new LinkedHashMap<>();
    mqtt.put("broker", "ssl://127.0.0.1:" + labelsPort);
    mqtt.put("user", plant.site() + "-site");
    mqtt.put(".password", password);
    mqtt.put("ca", folder.resolve("labels/labels.pem").toString());
    mqtt.put(
        "label." + label,
        plant.site() + "/quality/" + label + " | /serial | /code | /time | role=/role");
    mqtt.put("label." + label + ".codes", String.join(", ", codes));
    site.configure("org.fedwerk.signal.mqtt-quality", mqtt);
  }

  /** Starts the coordinator alone. @return time from start to a ready status */
  Duration startCoordinator() throws IOException, InterruptedException {
    coordinator.start();
    coordinator.awaitBooted(BOOT);
    return coordinator.awaitReady(Duration.ofSeconds(60));
  }

  /** Starts plants and sites together and waits until they are booted. */
  void startOthers() throws IOException, InterruptedException {
    plants.start();
    startSites();
    plants.awaitBooted(BOOT);
  }

  /** Starts the sites and waits until they are booted. */
  void startSites() throws IOException, InterruptedException {
    for (KarafInstance site : sites.values()) {
      site.start();
    }
    for (KarafInstance site : sites.values()) {
      site.awaitBooted(BOOT);
    }
  }

  /** Starts the process of the plants and waits until it is booted. */
  void startPlants() throws IOException, InterruptedException {
    plants.start();
    plants.awaitBooted(BOOT);
  }

  /** Enrols every site with a token of its own. */
  void enrol() throws IOException {
    for (Map.Entry<String, KarafInstance> site : sites.entrySet()) {
      String token =
          coordinator
              .exec("fedwerk:enrol --new " + site.getKey())
              .lines()
              .reduce((a, b) -> b)
              .orElseThrow();
      tokens.add(token.strip());
      site.getValue().exec("fedwerk:enrol " + token.strip());
    }
  }

  /** Trusts the plants' servers at the sites, and waits until every source is connected. */
  void connectSources(Duration limit) throws IOException, InterruptedException {
    for (KarafInstance site : sites.values()) {
      site.await(
          "connected sources",
          limit,
          each -> {
            trustAll(each);
            int ready = 0;
            for (JsonNode line : each.json("fedwerk:status")) {
              boolean source = line.get("subject").asText().startsWith("signal-");
              ready += source && line.get("state").asText().equals("READY") ? 1 : 0;
            }
            return ready == 2;
          });
    }
  }

  /** Lets the plants produce. */
  void produce() throws IOException {
    plants.exec("plant:start");
  }

  /** Trusts what waits at one site now. */
  static void trustAll(KarafInstance site) throws IOException {
    for (JsonNode pending : site.json("fedwerk:trust")) {
      site.exec("fedwerk:trust " + pending.get("thumbprint").asText());
    }
  }

  /** All processes, also those that are gone. */
  List<KarafInstance> all() {
    List<KarafInstance> all = new ArrayList<>(sites.values());
    all.add(plants);
    all.add(coordinator);
    all.addAll(further);
    return all;
  }

  @Override
  public void close() {
    all().parallelStream().forEach(KarafInstance::close);
  }
}
