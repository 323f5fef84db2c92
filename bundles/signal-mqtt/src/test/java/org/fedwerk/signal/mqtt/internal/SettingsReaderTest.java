// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.mqtt.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.signal.LabelDescriptor;
import org.junit.jupiter.api.Test;

class SettingsReaderTest {
  private final Map<String, Object> keys =
      new HashMap<>(
          Map.of(
              "service.pid", "org.fedwerk.signal.mqtt~quality",
              "component.name", "any",
              "broker", "ssl://127.0.0.1:8884",
              "user", "press1-site",
              ".password", "hush",
              "ca", "labels.pem",
              "label.wear", "press1/quality/wear | /serial | /code | /time",
              "label.wear.codes", "1=worn out, 0=ok, 2=worn out"));

  private MqttSettings read() throws RefusedException {
    return SettingsReader.read(keys);
  }

  private String refusal() {
    return assertThrows(RefusedException.class, this::read).getMessage();
  }

  @Test
  void aSmallConfigurationHasAStableClientAndAPersistentSession() throws Exception {
    MqttSettings settings = read();

    assertEquals("quality", settings.name());
    assertEquals("fedwerk-press1-site-quality", settings.clientId());
    assertEquals(Duration.ofDays(1), settings.sessionExpiry());
    assertEquals(List.of("worn out", "ok"), settings.labels().get(0).descriptor().classes());
    assertFalse(settings.toString().contains("hush"));
  }

  @Test
  void theNameComesFromTheFileWhereThereIsOne() throws Exception {
    keys.put("felix.fileinstall.filename", "file:/opt/karaf/etc/org.fedwerk.signal.mqtt-mill.cfg");
    assertEquals("mill", read().name());
  }

  @Test
  void everyRefusalNamesItsKeyAndWhatIsAllowed() {
    keys.put("broker", "http://127.0.0.1");
    keys.put("session.expiry", "a day");
    keys.put("keep.alive", 0);
    keys.put("part", "absent");
    keys.put("label.wear.codes", "0=ok, 0=bad, broken");
    keys.put("label.bare", "press1/quality/bare | /serial | /code | /time");
    keys.put("label.lost.codes", "0=ok");
    keys.put("label.odd", "press1/#/x | serial | | /time~2 | part=/role");
    keys.put("label.few", "press1/few");
    keys.put("signal.few", "press1/few | /v");
    keys.put("colour", "red");

    String message = refusal();

    for (String key :
        List.of(
            "broker",
            "session.expiry",
            "keep.alive",
            "part",
            "label.wear.codes",
            "label.bare.codes",
            "label.lost.codes",
            "label.odd",
            "label.few",
            "signal.few",
            "colour")) {
      assertTrue(message.contains("org.fedwerk.signal.mqtt-quality: " + key + ": "), key);
    }
  }

  @Test
  void filtersAndPointersAreCheckedBeforeTheyAreUsed() {
    for (String entry :
        List.of(
            "a/#/b | /s | /v | /t",
            "$share/g/a | /s | /v | /t",
            " | /s | /v | /t",
            "a | s | /v | /t",
            "a | /s | /v~3 | /t",
            "a | /s | /v | ",
            "a | /s | /v | /t | role=",
            "a | /s | /v | /t | role=/r | more")) {
      keys.put("label.wear", entry);
      assertTrue(refusal().contains("label.wear: "), entry);
    }
  }

  @Test
  void plainTcpMustBeAllowed() throws Exception {
    keys.put("broker", "tcp://127.0.0.1:1883");
    assertTrue(refusal().contains("allow.plain = true"));
    keys.put("allow.plain", true);
    assertFalse(read().isSecure());
  }

  @Test
  void tlsNeedsACa() {
    keys.remove("ca");
    assertTrue(refusal().contains("ca: "));
  }

  @Test
  void theInboxHasABound() throws Exception {
    assertEquals(256, read().inbox());
    keys.put("inbox", "0");
    assertTrue(refusal().contains("inbox: "));
    keys.put("inbox", "7");
    assertEquals(7, read().inbox());
  }

  @Test
  void aPasswordComesFromOnePlaceBelongsToAUserAndIsNeverPrinted() {
    keys.put("password.env", "SECRET");
    String two = refusal();
    assertTrue(two.contains("only one of"), two);
    assertFalse(two.contains("hush"), two);
    keys.remove("password.env");
    keys.remove("user");
    assertTrue(refusal().contains("a password needs a user"));
    keys.put("user", "press1");
    keys.remove(".password");
    assertTrue(refusal().contains("a user needs .password"));
    keys.put("password", "hush");
    assertFalse(refusal().contains("hush"));
  }

  @Test
  void withoutAUserTheClientIdMustBeGiven() throws Exception {
    keys.remove("user");
    keys.remove(".password");
    assertTrue(refusal().contains("client.id"));
    keys.put("client.id", "press1");
    assertEquals("press1", read().clientId());
  }

  @Test
  void nothingToDeliverIsRefused() {
    keys.remove("label.wear");
    keys.remove("label.wear.codes");
    assertTrue(refusal().contains("at least one"));
  }

  @Test
  void aLabelIsANumberWithAUnitOrHasCodes() throws Exception {
    keys.put("label.depth", "press1/depth | /serial | /depth | /time");
    keys.put("label.depth.unit", "um");
    LabelDescriptor depth =
        read().labels().stream()
            .map(LabelSetting::descriptor)
            .filter(l -> l.unit() != null)
            .findFirst()
            .orElseThrow();
    assertEquals(LabelDescriptor.ofNumber("depth", "um"), depth);
    keys.put("label.depth.codes", "0=ok");
    keys.put("label.lost.unit", "um");
    String message = refusal();
    assertTrue(message.contains("label.depth.unit"), message);
    assertTrue(message.contains("there is no label.lost"), message);
  }
}
