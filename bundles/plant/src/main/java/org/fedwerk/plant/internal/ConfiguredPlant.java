// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.plant.internal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.fedwerk.api.Refusal;
import org.fedwerk.api.RefusedException;
import org.fedwerk.plant.internal.mqtt.BrokerSettings;
import org.fedwerk.plant.internal.opcua.ServerSettings;
import org.fedwerk.plant.internal.probe.ProbeSettings;
import org.fedwerk.plant.process.ManifestReader;
import org.fedwerk.plant.process.MillingProcess;
import org.fedwerk.plant.process.MillingProfile;
import org.fedwerk.plant.process.ReplayProcess;
import org.jspecify.annotations.Nullable;

/** Checks a configuration as a whole and makes a plant of it. */
final class ConfiguredPlant {
  private final PlantConfig config;
  private final List<Refusal> refusals = new ArrayList<>();

  private ConfiguredPlant(PlantConfig config) {
    this.config = config;
  }

  /** A plant at rest, or every key that is wrong. */
  static Plant of(PlantConfig config) throws RefusedException {
    return new ConfiguredPlant(config).plant();
  }

  private Plant plant() throws RefusedException {
    check(
        config.site() != null && config.site().matches("[a-z0-9-]{1,40}"),
        "site",
        "1 to 40 lower case letters, digits, dashes");
    Path folder = folder();
    PlantSettings settings = new PlantSettings(server(folder), pace(), broker(), probe(folder));
    Optional<ProcessSource> source = source();
    if (!refusals.isEmpty() || source.isEmpty()) {
      throw new RefusedException(refusals);
    }
    return new Plant(settings, source.get());
  }

  private Path folder() {
    if (!config.folder().isEmpty()) {
      return Path.of(config.folder());
    }
    return Path.of(
        System.getProperty("karaf.data", "data"), "fedwerk", "plant", text(config.site()));
  }

  private ServerSettings server(Path folder) {
    check(!text(config.opcua_user()).isEmpty(), "opcua.user", "a name, which clients give");
    check(
        text(config._opcua_password()).length() >= 8,
        ".opcua.password",
        "at least 8 characters (the key begins with a dot, so that nothing shows it)");
    check(in(config.opcua_port(), 0, 65_535), "opcua.port", "0 to 65535");
    return new ServerSettings(
        text(config.site()),
        config.opcua_host(),
        config.opcua_port(),
        new Login(text(config.opcua_user()), text(config._opcua_password())),
        folder.resolve("opcua"),
        config.trust_all_clients());
  }

  private Pace pace() {
    check(config.parts() >= 0, "parts", "0 or more");
    check(
        in(config.trickle_parts$_$per$_$second(), 0, 1000),
        "trickle.parts-per-second",
        "0 to 1000");
    check(config.trickle_parts() >= 0, "trickle.parts", "0 or more");
    boolean whole = config.parts() == 0 && config.process().equals("replay");
    return new Pace(
        config.start_at$_$once(),
        whole ? Long.MAX_VALUE : config.parts(),
        config.trickle_parts$_$per$_$second(),
        config.trickle_parts(),
        config.trickle_at$_$start(),
        config.wait$_$for$_$subscribers());
  }

  private Optional<BrokerSettings> broker() {
    if (config.broker_host().isEmpty()) {
      return Optional.empty();
    }
    check(in(config.broker_port(), 1, 65_535), "broker.port", "1 to 65535");
    check(!config.broker_ca().isEmpty(), "broker.ca", "a PEM file, because broker.host is set");
    check(!config.broker_user().isEmpty(), "broker.user", "a name, because broker.host is set");
    check(in(config.labels_bound(), 1, 1_000_000), "labels.bound", "1 to 1000000");
    return Optional.of(
        new BrokerSettings(
            config.broker_host(),
            config.broker_port(),
            Path.of(config.broker_ca()),
            new Login(config.broker_user(), config._broker_password()),
            Math.max(1, config.labels_bound())));
  }

  private Optional<ProbeSettings> probe(Path folder) {
    if (config.probe_endpoint().isEmpty()) {
      return Optional.empty();
    }
    check(
        config.probe_endpoint().startsWith("opc.tcp://"),
        "probe.endpoint",
        "an address that begins with opc.tcp://");
    check(!config.probe_user().isEmpty(), "probe.user", "a name, because probe.endpoint is set");
    check(
        config.probe_node().startsWith("nsu="),
        "probe.node",
        "a variable such as nsu=urn:fedwerk:opcua;s=Models.<task>.Serial");
    return Optional.of(
        new ProbeSettings(
            config.probe_endpoint(),
            new Login(config.probe_user(), config._probe_password()),
            config.probe_node(),
            folder.resolve("probe"),
            config.probe_trust$_$server()));
  }

  private Optional<ProcessSource> source() {
    switch (config.process()) {
      case "milling":
        return milling();
      case "replay":
        check(!config.replay_folder().isEmpty(), "replay.folder", "a folder with data files");
        return Optional.of(this::replay);
      default:
        check(false, "process", "milling or replay");
        return Optional.empty();
    }
  }

  private Optional<ProcessSource> milling() {
    Optional<MillingProfile> profile = MillingProfile.named(config.milling_profile());
    check(profile.isPresent(), "milling.profile", "published, a, b or c");
    check(in(config.milling_stress(), 0, 2), "milling.stress", "0 to 2");
    if (!in(config.milling_stress(), 0, 2)) {
      return Optional.empty();
    }
    long seed = config.milling_seed();
    return profile
        .map(named -> named.stressed(config.milling_stress()))
        .map(named -> () -> new MillingProcess(named, seed));
  }

  private ReplayProcess replay() throws RefusedException {
    Optional<Path> manifest =
        config.replay_manifest().isEmpty()
            ? Optional.empty()
            : Optional.of(Path.of(config.replay_manifest()));
    String site = config.replay_site().isEmpty() ? config.site() : config.replay_site();
    return new ReplayProcess(ManifestReader.read(Path.of(config.replay_folder()), manifest), site);
  }

  private void check(boolean right, String key, String allowed) {
    if (!right) {
      refusals.add(new Refusal(PlantComponent.PID + " key " + key, 0, "allowed is " + allowed));
    }
  }

  private static boolean in(double value, double least, double most) {
    return value >= least && value <= most;
  }

  private static String text(@Nullable String given) {
    return given == null ? "" : given;
  }
}
