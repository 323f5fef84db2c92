// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.opcua.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.milo.opcua.stack.core.security.SecurityPolicy;
import org.eclipse.milo.opcua.stack.core.types.enumerated.MessageSecurityMode;
import org.fedwerk.api.RefusedException;
import org.junit.jupiter.api.Test;

class SettingsReaderTest {
  private final Map<String, Object> keys =
      new HashMap<>(
          Map.of(
              "service.pid", "org.fedwerk.signal.opcua~press1",
              "endpoint", "opc.tcp://localhost:4840/plant",
              "signal.torque", "nsu=urn:plant;s=Torque | Nm",
              "signal.serial", "nsu=urn:plant;s=Serial"));

  @Test
  void aSmallConfigurationIsSecureByDefault() throws Exception {
    keys.put("part", "serial");

    OpcUaSettings settings = read();

    assertEquals("press1", settings.name());
    assertEquals(SecurityPolicy.Basic256Sha256, settings.policy());
    assertEquals(MessageSecurityMode.SignAndEncrypt, settings.mode());
    assertEquals(
        List.of(
            new SignalSetting("serial", "nsu=urn:plant;s=Serial", "", ValueKind.TEXT, true),
            new SignalSetting("torque", "nsu=urn:plant;s=Torque", "Nm", ValueKind.NUMERIC, false)),
        settings.signals());
    assertTrue(settings.folder().endsWith(Path.of("fedwerk", "opcua", "press1")));
  }

  @Test
  void theNameComesFromTheFileWhereThereIsOne() throws Exception {
    keys.put("felix.fileinstall.filename", "file:/opt/karaf/etc/org.fedwerk.signal.opcua-mill.cfg");

    assertEquals("mill", read().name());
  }

  @Test
  void policiesMayBeWrittenWithAndWithoutUnderscores() throws Exception {
    keys.put("policy", "Aes128Sha256RsaOaep");
    assertEquals(SecurityPolicy.Aes128_Sha256_RsaOaep, read().policy());
    keys.put("policy", "Aes256_Sha256_RsaPss");
    assertEquals(SecurityPolicy.Aes256_Sha256_RsaPss, read().policy());
  }

  @Test
  void aSignalMayDeliverImagesOfABoundedSize() throws Exception {
    keys.put("signal.camera", "nsu=urn:plant;s=Camera | | image");
    keys.put("image.max-bytes", 1000L);
    OpcUaSettings settings = read();
    assertEquals(ValueKind.IMAGE, settings.signals().get(0).kind());
    assertTrue(settings.signals().get(0).descriptor().image());
    assertEquals(1000, settings.imageBytes());
    assertEquals(8 << 20, settings.imagePixels());
    assertEquals(2000, settings.imageBytesAtOnce());
    assertEquals(2, settings.queueOf(settings.signals().get(0)));
    keys.put("signal.camera", "nsu=urn:plant;s=Camera | mm | image");
    keys.put("image.max-bytes", 0L);
    keys.put("image.max-pixels", 1L << 40);
    RefusedException refused = assertThrows(RefusedException.class, this::read);
    for (String key : List.of("signal.camera", "image.max-bytes", "image.max-pixels")) {
      assertTrue(
          refused.getMessage().contains("org.fedwerk.signal.opcua-press1: " + key + ": "), key);
    }
  }

  @Test
  void everyRefusalNamesItsKeyAndWhatIsAllowed() {
    keys.put("endpoint", "http://localhost");
    keys.put("policy", "Basic128");
    keys.put("user", "site");
    keys.put("signal.bad", "Torque");
    keys.put("signal.odd", "nsu=urn:plant;s=Odd | mm | integer");
    keys.put("part", "absent");
    keys.put("queue.size", 0);
    keys.put("notifications.max", 1_000_001);

    RefusedException refused = assertThrows(RefusedException.class, this::read);

    for (String key :
        List.of(
            "endpoint",
            "policy",
            "user",
            "signal.bad",
            "signal.odd",
            "part",
            "queue.size",
            "notifications.max")) {
      assertTrue(
          refused.getMessage().contains("org.fedwerk.signal.opcua-press1: " + key + ": "), key);
    }
  }

  @Test
  void anotherBoundOfMessagesNeedsAnotherSubscription() throws Exception {
    assertEquals(10_000, read().notificationsMost());
    String usual = read().subscribed();
    keys.put("notifications.max", 500);
    assertEquals(500, read().notificationsMost());
    assertNotEquals(usual, read().subscribed());
  }

  @Test
  void aPasswordNeedsAUserAndComesFromOnePlace() {
    keys.put(".password", "secret");
    assertThrows(RefusedException.class, this::read);
    keys.put("user", "site");
    keys.put("password.env", "SITE_PASSWORD");

    RefusedException refused = assertThrows(RefusedException.class, this::read);

    assertFalse(refused.getMessage().contains("secret"));
  }

  @Test
  void aModeWithoutPolicyIsRefused() {
    keys.put("policy", "None");

    assertThrows(RefusedException.class, this::read);
  }

  @Test
  void sequenceNumbersGoRoundWithoutZero() {
    assertEquals(1, Sequence.next(0xFFFF_FFFFL));
    assertEquals(1, Sequence.steps(0xFFFF_FFFFL, 1));
    assertTrue(Sequence.isBefore(0xFFFF_FFFFL, 1));
    assertTrue(Sequence.isBefore(4, 5));
    assertFalse(Sequence.isBefore(5, 5));
    assertFalse(Sequence.isBefore(6, 5));
  }

  private OpcUaSettings read() throws RefusedException {
    OpcUaConfig config =
        (OpcUaConfig)
            Proxy.newProxyInstance(
                OpcUaConfig.class.getClassLoader(),
                new Class<?>[] {OpcUaConfig.class},
                (proxy, method, arguments) -> {
                  String key = method.getName().replace("$_$", "-").replace('_', '.');
                  return keys.getOrDefault(key, method.getDefaultValue());
                });
    return SettingsReader.read(config, keys);
  }
}
