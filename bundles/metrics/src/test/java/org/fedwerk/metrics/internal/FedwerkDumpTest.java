// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.metrics.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.karaf.diagnostic.core.DumpDestination;
import org.fedwerk.api.metric.Measurement;
import org.fedwerk.api.status.StatusLine;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Version;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

class FedwerkDumpTest {
  private static final Map<String, String> SECRETS =
      Map.of(
          "password", "hidden-1",
          "user.press-1.password", "hidden-2",
          "keystore.password", "hidden-3",
          ".token", "hidden-4",
          "token", "hidden-5",
          "client.secret", "hidden-6",
          "PassPhrase", "hidden-7");

  private static <T> T fake(Class<T> type, Map<String, Object> answers) {
    return type.cast(
        Proxy.newProxyInstance(
            FedwerkDumpTest.class.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> answers.get(method.getName())));
  }

  private static final class Zip implements DumpDestination {
    private final Map<String, ByteArrayOutputStream> entries = new TreeMap<>();

    @Override
    public OutputStream add(String name) {
      return entries.computeIfAbsent(name, each -> new ByteArrayOutputStream());
    }

    @Override
    public void save() {}

    String text(String name) {
      return entries.get(name).toString(StandardCharsets.UTF_8);
    }

    String everything() {
      return entries.values().stream()
          .map(each -> each.toString(StandardCharsets.UTF_8))
          .collect(Collectors.joining());
    }
  }

  private static Zip dump(FakeRoom room) throws Exception {
    Dictionary<String, Object> settings = new Hashtable<>(SECRETS);
    settings.put("broker", "ssl://ann:hidden-8@192.0.2.21:8883");
    settings.put("password.file", "etc/labels.password");
    settings.put("port", 8883);
    Configuration configuration =
        fake(
            Configuration.class,
            Map.of("getPid", "org.fedwerk.signal.mqtt~quality", "getProperties", settings));
    Bundle bundle =
        fake(
            Bundle.class,
            Map.of(
                "getSymbolicName",
                "org.fedwerk.site",
                "getVersion",
                new Version(0, 1, 0),
                "getState",
                Bundle.ACTIVE));
    FedwerkDump dump =
        new FedwerkDump(
            fake(BundleContext.class, Map.of("getBundles", new Bundle[] {bundle})),
            fake(
                ConfigurationAdmin.class,
                Map.of("listConfigurations", new Configuration[] {configuration})));
    dump.addRoom(room);
    dump.addSource(room);
    Zip zip = new Zip();
    dump.createDump(zip);
    return zip;
  }

  @Test
  void holdsStatusMeasurementsSettingsAndVersions() throws Exception {
    FakeRoom room = new FakeRoom();
    room.lines.add(new StatusLine("store", StatusLine.State.READY, "state is in data"));
    room.measured.add(
        Measurement.gauge("fedwerk.store.used", "bytes", "On disk", 4096, "area", "parts"));
    Zip zip = dump(room);
    assertEquals(
        List.of(
            "fedwerk/configuration.txt",
            "fedwerk/measurements.txt",
            "fedwerk/status.txt",
            "fedwerk/versions.txt"),
        List.copyOf(zip.entries.keySet()));
    assertEquals("READY\nstore | READY | state is in data\n", zip.text("fedwerk/status.txt"));
    assertEquals(
        "fedwerk.store.used{area=parts} 4096.0 bytes\n", zip.text("fedwerk/measurements.txt"));
    assertTrue(zip.text("fedwerk/versions.txt").contains("org.fedwerk.site 0.1.0 active"));
    String settings = zip.text("fedwerk/configuration.txt");
    assertTrue(settings.startsWith("org.fedwerk.signal.mqtt~quality\n"));
    assertTrue(settings.contains("  port = 8883\n"));
    assertTrue(settings.contains("  password.file = etc/labels.password\n"));
    assertTrue(settings.contains("@192.0.2.21:8883"));
  }

  @Test
  void holdsNoSecretOfAnyConfiguration() throws Exception {
    String all = dump(new FakeRoom()).everything();
    assertFalse(all.contains("hidden"), all);
    SECRETS
        .keySet()
        .forEach(key -> assertTrue(all.contains("  " + key + " = " + SettingsMask.MASK), key));
  }
}
