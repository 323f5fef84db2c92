// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.metrics.internal;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.apache.karaf.diagnostic.core.DumpDestination;
import org.apache.karaf.diagnostic.core.DumpProvider;
import org.fedwerk.api.metric.Measurement;
import org.fedwerk.api.metric.MetricSource;
import org.fedwerk.api.status.Health;
import org.fedwerk.api.status.StatusSource;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/**
 * The part of {@code dev:dump-create} that is Fedwerk's: status, measurements, settings without
 * secrets, versions. It holds no sample, no serial, no key.
 */
@Component(service = DumpProvider.class)
public final class FedwerkDump implements DumpProvider {
  private static final String PIDS = "(service.pid=org.fedwerk.*)";

  private final BundleContext context;
  private final ConfigurationAdmin configurations;
  private final List<StatusSource> rooms = new CopyOnWriteArrayList<>();
  private final List<MetricSource> sources = new CopyOnWriteArrayList<>();

  /** Wired by Declarative Services. */
  @Activate
  public FedwerkDump(BundleContext context, @Reference ConfigurationAdmin configurations) {
    this.context = context;
    this.configurations = configurations;
  }

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      unbind = "removeRoom")
  void addRoom(StatusSource room) {
    rooms.add(room);
  }

  void removeRoom(StatusSource room) {
    rooms.remove(room);
  }

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      unbind = "removeSource")
  void addSource(MetricSource source) {
    sources.add(source);
  }

  void removeSource(MetricSource source) {
    sources.remove(source);
  }

  @Override
  public void createDump(DumpDestination destination) throws Exception {
    write(destination, "status.txt", status());
    write(destination, "measurements.txt", measurements());
    write(destination, "configuration.txt", configuration());
    write(destination, "versions.txt", versions());
  }

  private static void write(DumpDestination destination, String name, String text)
      throws Exception {
    try (OutputStream out = destination.add("fedwerk/" + name)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private String status() {
    Health health = Health.of(rooms);
    return health.lines().stream()
        .map(line -> line.subject() + " | " + line.state() + " | " + line.detail() + "\n")
        .collect(Collectors.joining("", health.state() + "\n", ""));
  }

  private String measurements() {
    return sources.stream()
        .flatMap(source -> source.measurements().stream())
        .map(FedwerkDump::line)
        .sorted()
        .collect(Collectors.joining());
  }

  private static String line(Measurement each) {
    return each.name()
        + new TreeMap<>(each.tags())
        + " "
        + each.value()
        + (each.unit().isEmpty() ? "" : " " + each.unit())
        + "\n";
  }

  private String configuration() throws IOException, InvalidSyntaxException {
    Configuration @Nullable [] found = configurations.listConfigurations(PIDS);
    StringBuilder text = new StringBuilder();
    for (Configuration each : found == null ? new Configuration[0] : found) {
      text.append(each.getPid()).append('\n');
      Dictionary<String, Object> values = each.getProperties();
      Map<String, String> shown = new TreeMap<>();
      for (String key : Collections.list(values.keys())) {
        shown.put(key, SettingsMask.shown(key, values.get(key)));
      }
      shown.forEach((key, value) -> text.append("  ").append(key + " = " + value + "\n"));
    }
    return text.toString();
  }

  private String versions() {
    String java = "java " + System.getProperty("java.vm.version") + "\n";
    return Arrays.stream(context.getBundles())
        .filter(bundle -> String.valueOf(bundle.getSymbolicName()).startsWith("org.fedwerk"))
        .map(FedwerkDump::version)
        .sorted()
        .collect(Collectors.joining("", java, ""));
  }

  private static String version(Bundle bundle) {
    String state = bundle.getState() == Bundle.ACTIVE ? "active" : "state " + bundle.getState();
    return bundle.getSymbolicName() + " " + bundle.getVersion() + " " + state + "\n";
  }
}
