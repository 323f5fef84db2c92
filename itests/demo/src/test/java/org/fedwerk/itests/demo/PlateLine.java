// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.fedwerk.itests.harness.KarafInstance;
import org.fedwerk.itests.harness.Ports;
import org.jspecify.annotations.Nullable;

/**
 * A line of plates and the site beside it, configured as docs/running.md says: serials come from
 * the machine's OPC UA server, labels from the plant's broker, pictures from either.
 */
final class PlateLine implements AutoCloseable {
  private static final Duration LONG = Duration.ofMinutes(4);
  private static final String USER = "press-1";
  private static final String PICTURES = "press-1/camera";
  private static final String LABELS = "press-1/quality/surface";

  private final KarafInstance site;
  private final Path folder;
  private final String password = UUID.randomUUID().toString();
  private final int brokerPort = Ports.free();
  private final int scadaPort = Ports.free();
  private final CameraMachine machine;
  private @Nullable Station station;
  private Instant last = Instant.EPOCH;

  /** What happens to a plate while it is in the machine. */
  @FunctionalInterface
  interface Step {
    void run(CameraMachine machine) throws Exception;
  }

  /** Starts the machine; the site may not run yet. */
  PlateLine(KarafInstance site, Path folder) throws Exception {
    this.site = site;
    this.folder = Files.createDirectories(folder);
    LabelBrokerKeys.make(folder, password);
    machine = new CameraMachine(Ports.free(), folder.resolve("machine"), USER, password);
  }

  /** Lets a process carry the plant's broker. */
  void configureBroker(KarafInstance process) throws IOException {
    Map<String, String> broker = new LinkedHashMap<>();
    broker.put("auth", "users");
    broker.put("port", Integer.toString(brokerPort));
    broker.put("keystore", folder.resolve("labels.p12").toString());
    broker.put("keystore.password", password);
    for (String user : new String[] {USER, USER + "-site"}) {
      broker.put("user." + user + ".password", password);
      broker.put("user." + user + ".topics", USER + "/#");
    }
    process.configure("org.fedwerk.broker-labels", broker);
  }

  /**
   * Configures the site's sources anew and waits until they are connected.
   *
   * @param byMachine true to take pictures from the machine, false to take them from the broker
   */
  void watch(boolean byMachine) throws Exception {
    Path secret =
        Files.writeString(
            site.base().resolve("etc/line.password"), password + System.lineSeparator());
    String namespace = "nsu=" + CameraMachine.NAMESPACE + ";s=";
    Map<String, String> opcua = new LinkedHashMap<>();
    opcua.put("endpoint", machine.endpoint());
    opcua.put("policy", "Basic256Sha256");
    opcua.put("mode", "SignAndEncrypt");
    opcua.put("user", USER);
    opcua.put("password.file", "${karaf.etc}/" + secret.getFileName());
    opcua.put("publishing.interval", "20");
    opcua.put("backoff.max", "2000");
    opcua.put("part", "serial");
    opcua.put("signal.serial", namespace + CameraMachine.SERIAL);
    Map<String, String> mqtt = new LinkedHashMap<>();
    mqtt.put("broker", "ssl://127.0.0.1:" + brokerPort);
    mqtt.put("user", USER + "-site");
    mqtt.put("password.file", "${karaf.etc}/" + secret.getFileName());
    mqtt.put("ca", folder.resolve("labels.pem").toString());
    mqtt.put("label.surface", LABELS + " | /serial | /code | /time");
    mqtt.put("label.surface.codes", "0=clean, 1=scratched");
    if (byMachine) {
      opcua.put("signal.camera", namespace + CameraMachine.PICTURE + " | | image");
    } else {
      mqtt.put("image.camera", PICTURES);
    }
    site.configure("org.fedwerk.signal.opcua-machine", opcua);
    site.configure("org.fedwerk.signal.mqtt-quality", mqtt);
    site.await(
        "pictures from the " + (byMachine ? "machine" : "broker"),
        LONG,
        each -> isWatched(each, byMachine));
    if (station == null) {
      station = new Station(brokerPort, folder.resolve("labels.pem"), USER, password);
    }
  }

  private boolean isWatched(KarafInstance each, boolean byMachine) throws IOException {
    Path own = each.base().resolve("data/fedwerk/opcua/machine/own/certificate.der");
    if (Files.exists(own)) {
      machine.trust(own);
    }
    DemoFederation.trustAll(each);
    JsonNode status = each.json("fedwerk:status");
    return Told.status(status, "signal-opcua").path("state").asText().equals("READY")
        && Told.status(status, "signal-mqtt").path("state").asText().equals("READY")
        && machine.isSubscribed(CameraMachine.SERIAL)
        && machine.isSubscribed(CameraMachine.PICTURE) == byMachine
        && camera(each, "quality").isMissingNode() == byMachine;
  }

  /** The reading of the camera by one of the site's sources; a missing node if it has none. */
  static JsonNode camera(KarafInstance site, String source) throws IOException {
    for (JsonNode row : site.json("fedwerk:signals")) {
      if (row.path("source").asText().equals(source)
          && row.path("signal").asText().equals("camera")) {
        return row;
      }
    }
    return MissingNode.getInstance();
  }

  static int stored(KarafInstance site) throws IOException {
    return site.json("fedwerk:parts").path(0).path("stored").asInt();
  }

  /** The machine's clock, which only grows. */
  Instant time() {
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    last = now.isAfter(last) ? now : last.plusMillis(1);
    return last;
  }

  /** Makes labelled plates, pictured by the way that is configured, and waits for them. */
  void make(int from, int to) throws Exception {
    boolean byMachine = machine.isSubscribed(CameraMachine.PICTURE);
    for (int plate = from; plate < to; plate++) {
      byte[] picture = Plates.picture(plate, byMachine ? "png" : "jpg", byMachine ? 4 : 10);
      machine.serial(Plates.serial(plate), time());
      if (byMachine) {
        machine.picture(picture, time());
      } else {
        station().publish(PICTURES, picture, time());
      }
      machine.serial("", time());
      station().publish(LABELS, label(plate).getBytes(StandardCharsets.UTF_8));
    }
    site.await("the plates to " + to, LONG, each -> stored(each) == to);
  }

  private String label(int plate) {
    return "{\"serial\":\"%s\",\"code\":\"%d\",\"time\":\"%s\"}"
        .formatted(Plates.serial(plate), Plates.isScratched(plate) ? 1 : 0, time());
  }

  /** A plate goes through the machine. */
  void pass(String serial, Step step) throws Exception {
    int before = stored(site);
    machine.serial(serial, time());
    step.run(machine);
    machine.serial("", time());
    site.await("plate " + serial, LONG, each -> stored(each) == before + 1);
  }

  /** Publishes a picture, which counts by its arrival, and waits until the site has it. */
  void publish(byte[] picture) throws Exception {
    int before = camera(site, "quality").path("received").asInt();
    station().publish(PICTURES, picture);
    site.await(
        "the picture",
        LONG,
        each -> camera(each, "quality").path("received").asInt() == before + 1);
  }

  private Station station() {
    if (station == null) {
      throw new IllegalStateException("the site does not watch yet");
    }
    return station;
  }

  /** Lets the site show its predictions. */
  void serveScada() throws IOException {
    site.configure(
        "org.fedwerk.predict.opcua",
        Map.of(
            "port",
            Integer.toString(scadaPort),
            "user",
            USER,
            "password.file",
            "${karaf.etc}/line.password"));
  }

  PredictionReader scada(String task, Path keys) throws UaException, IOException {
    try {
      return new PredictionReader("opc.tcp://127.0.0.1:" + scadaPort, USER, password, task, keys);
    } catch (GeneralSecurityException unusable) {
      throw new IOException(unusable);
    }
  }

  @Override
  public void close() throws Exception {
    if (station != null) {
      station.close();
    }
    machine.close();
  }
}
