// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.plant.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.fedwerk.api.Refusal;
import org.fedwerk.api.RefusedException;
import org.junit.jupiter.api.Test;

class ConfiguredPlantTest {
  private static final Map<String, Object> RIGHT =
      Map.of("site", "press-1", "opcua_user", "line", "_opcua_password", "a long password");

  /** A configuration with the keys given and the defaults of the rest. */
  private static PlantConfig config(Map<String, Object> changes) {
    Map<String, Object> keys = new HashMap<>(RIGHT);
    keys.putAll(changes);
    return (PlantConfig)
        Proxy.newProxyInstance(
            PlantConfig.class.getClassLoader(),
            new Class<?>[] {PlantConfig.class},
            (proxy, method, arguments) ->
                keys.getOrDefault(method.getName(), method.getDefaultValue()));
  }

  @Test
  void theDefaultsMakeAPlantAtRest() throws Exception {
    PlantStatus status = ConfiguredPlant.of(config(Map.of())).snapshot();
    assertEquals("press-1", status.site());
    assertEquals(PlantState.STARTING, status.state());
    assertEquals("off", status.labels().state());
  }

  @Test
  void everyWrongKeyIsNamedWithWhatIsAllowedAndNoPasswordShows() {
    RefusedException refused =
        assertThrows(
            RefusedException.class,
            () ->
                ConfiguredPlant.of(
                    config(
                        Map.of(
                            "site", "Press 1",
                            "_opcua_password", "secret",
                            "opcua_port", 70_000,
                            "milling_profile", "d",
                            "broker_host", "127.0.0.1",
                            "probe_endpoint", "http://127.0.0.1",
                            "probe_user", "probe",
                            "probe_node", "ns=2;s=X"))));
    assertEquals(
        List.of(
            "site",
            ".opcua.password",
            "opcua.port",
            "broker.ca",
            "broker.user",
            "probe.endpoint",
            "probe.node",
            "milling.profile"),
        refused.refusals().stream()
            .map(Refusal::where)
            .map(where -> where.substring("org.fedwerk.plant key ".length()))
            .toList());
    assertFalse(refused.getMessage().contains("secret"));
  }

  @Test
  void aPasswordShowsInNoText() {
    assertEquals("line", new Login("line", "a long password").toString());
  }
}
