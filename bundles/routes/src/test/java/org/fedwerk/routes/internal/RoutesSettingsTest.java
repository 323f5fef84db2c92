// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.routes.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RoutesSettingsTest {
  private static RoutesSettings of(Map<String, Object> values, Map<String, Object> all) {
    Config config =
        (Config)
            Proxy.newProxyInstance(
                Config.class.getClassLoader(),
                new Class<?>[] {Config.class},
                (self, method, arguments) ->
                    values.getOrDefault(method.getName(), ((Method) method).getDefaultValue()));
    return RoutesSettings.of(config, all, "/karaf");
  }

  @Test
  void withoutAFileRoutesLieInDeploy() {
    assertEquals(
        new RoutesSettings(Path.of("/karaf/deploy"), Duration.ofSeconds(30), Map.of()),
        of(Map.of(), Map.of()));
  }

  @Test
  void propertiesAreForRoutesAndWhatTheFrameworkAddsIsNobodys() {
    assertEquals(
        new RoutesSettings(
            Path.of("/routes"), Duration.ofSeconds(30), Map.of("samples", "/data", "a.b", "7")),
        of(
            Map.of("folder", " /routes "),
            Map.of(
                "property.samples", "/data ",
                "property.a.b", 7,
                "component.name", "x",
                "component.target", "(component=file)",
                "language.target", "(language=simple)",
                "service.pid", "org.fedwerk.routes",
                "felix.fileinstall.filename", "file:/x",
                "folder", "/routes",
                "retry.seconds", "30")));
  }

  @Test
  void anUnknownKeyAndABadValueAreRefused() {
    assertEquals(
        "org.fedwerk.routes: propery.x is not known; use folder, retry.seconds or property.<name>",
        assertThrows(IllegalArgumentException.class, () -> of(Map.of(), Map.of("propery.x", "1")))
            .getMessage());
    assertEquals(
        "org.fedwerk.routes: retry.seconds = \"0\" is not allowed; use a number from 1 to 86400",
        assertThrows(IllegalArgumentException.class, () -> of(Map.of("retry_seconds", 0), Map.of()))
            .getMessage());
  }
}
