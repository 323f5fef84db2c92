// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.mqtt.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.signal.ImageInspection;
import org.fedwerk.api.status.StatusLine;
import org.fedwerk.broker.internal.BrokerSettings;
import org.fedwerk.broker.internal.EmbeddedBroker;

/** A plant's broker, and configurations of sources that listen there. */
final class Plants {
  static final String SITE_PASSWORD = "the site's";
  static final String PLANT_PASSWORD = "the plant's";
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(40);

  private Plants() {}

  static EmbeddedBroker broker(Path folder, int port, ServerKeys keys) throws IOException {
    BrokerSettings free = BrokerSettings.loopback("labels", folder);
    return EmbeddedBroker.forUsers(
        new BrokerSettings(
            free.name(),
            free.host(),
            port,
            free.packetMax(),
            free.clientsMax(),
            free.folder(),
            free.journalFileBytes(),
            Duration.ofHours(1),
            free.queueMaxBytes(),
            free.whenFull(),
            free.diskMaxPercent()),
        keys.store(),
        ServerKeys.PASSWORD.toCharArray(),
        Map.of(
            "plant1",
            BrokerSettings.User.of(PLANT_PASSWORD, "plant1/#"),
            "site1",
            BrokerSettings.User.of(SITE_PASSWORD, "plant1/quality/#", "plant1/machine/#")));
  }

  /** Keys of a source with one label on a topic of its own. */
  static Map<String, Object> keys(String name, String broker, Path pem) {
    Map<String, Object> keys = new HashMap<>();
    keys.put("name", name);
    keys.put("broker", broker);
    keys.put("user", "site1");
    keys.put(".password", SITE_PASSWORD);
    keys.put("ca", pem.toString());
    keys.put("session.expiry", "1800");
    keys.put("backoff.min", "50");
    keys.put("backoff.max", "500");
    keys.put("label.condition", topic(name) + " | /part/serial | /code | /time | role=/role");
    keys.put("label.condition.codes", "0=ok, 1=tool wear, 2=heat-loss");
    return keys;
  }

  static String topic(String name) {
    return "plant1/quality/" + name;
  }

  static String label(String serial, String code) {
    return "{\"part\":{\"serial\":\""
        + serial
        + "\"},\"code\":"
        + code
        + ",\"time\":\"2024-05-01T10:00:00+02:00\"}";
  }

  /** Takes for an image whatever begins with a byte of 1. */
  static final ImageInspection FIRST_BYTE =
      (image, bytes, pixels) ->
          image.bytes().length > bytes
              ? Optional.of("has " + image.bytes().length + " bytes, allowed are " + bytes)
              : image.bytes().length > 0 && image.bytes()[0] == 1
                  ? Optional.empty()
                  : Optional.of("is no PNG and no JPEG");

  static MqttSource start(Map<String, Object> keys, CollectingSinks sinks) throws RefusedException {
    MqttSource source = new MqttSource(SettingsReader.read(keys), sinks, sinks, FIRST_BYTE);
    source.start();
    return source;
  }

  /** Waits for a state whose detail has certain words. @return the detail */
  static String await(MqttSource source, StatusLine.State state, String words)
      throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (true) {
      StatusLine line = source.status().get(0);
      if (line.state() == state && line.detail().contains(words)) {
        return line.detail();
      }
      if (System.nanoTime() > end) {
        throw new AssertionError("expected " + state + " with \"" + words + "\", is " + line);
      }
      never.await(20, TimeUnit.MILLISECONDS);
    }
  }

  static String awaitReady(MqttSource source) throws InterruptedException {
    return await(source, StatusLine.State.READY, "");
  }
}
