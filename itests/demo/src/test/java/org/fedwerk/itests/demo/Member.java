// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.demo;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.fedwerk.api.identity.Identity;
import org.fedwerk.api.link.Address;
import org.fedwerk.identity.internal.Authority;
import org.fedwerk.identity.internal.AuthoritySettings;
import org.fedwerk.identity.internal.SiteIdentity;
import org.fedwerk.itests.harness.KarafInstance;
import org.jspecify.annotations.Nullable;

/**
 * A client of the federation's broker that holds the key of one of its processes, or none: sees
 * what that process may see, and sends whatever it likes.
 */
final class Member implements AutoCloseable {
  /** MQTT 5: not authorised. */
  static final int NOT_AUTHORISED = 135;

  private static final long PATIENCE_MILLIS = 20_000;

  private final MqttAsyncClient mqtt;
  private final MqttConnectionOptions options = new MqttConnectionOptions();
  private final List<Seen> seen = new CopyOnWriteArrayList<>();

  /** A message that came. */
  record Seen(Address address, byte[] payload) {}

  Member(int port, String clientId, SSLContext tls) throws MqttException {
    mqtt = new MqttAsyncClient("ssl://127.0.0.1:" + port, clientId, new MemoryPersistence());
    options.setSocketFactory(tls.getSocketFactory());
    options.setAutomaticReconnect(false);
    mqtt.setCallback(new Collector());
  }

  /** The identity of a site, of a copy of its folder. */
  static Identity site(KarafInstance site, Path copy) throws Exception {
    copied(site, copy);
    return SiteIdentity.open(copy, Clock.systemUTC()).identity().orElseThrow();
  }

  /** The identity of the coordinator, of a copy of its folder. */
  static Identity coordinator(KarafInstance coordinator, Path copy, int brokerPort)
      throws Exception {
    copied(coordinator, copy);
    String host = "127.0.0.1";
    try (Authority authority =
        Authority.open(
            new AuthoritySettings("demo", "hq", host, 0, host, host, brokerPort, copy),
            Clock.systemUTC())) {
      return authority.identity();
    }
  }

  private static void copied(KarafInstance from, Path to) throws Exception {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from.base().resolve("data/fedwerk/identity"))) {
      for (Path file : files.filter(each -> !each.toString().endsWith(".lock")).toList()) {
        Files.copy(file, to.resolve(file.getFileName().toString()));
      }
    }
  }

  /**
   * TLS material.
   *
   * @param keys whose key and certificate to show; null for none
   * @param trusted whose CA to trust
   */
  static SSLContext tls(Identity.@Nullable TlsStores keys, Identity.TlsStores trusted)
      throws Exception {
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(KeyStore.getInstance(trusted.trust().toFile(), trusted.password()));
    SSLContext context = SSLContext.getInstance("TLS");
    if (keys == null) {
      context.init(null, trust.getTrustManagers(), null);
    } else {
      KeyManagerFactory own = KeyManagerFactory.getInstance("PKIX");
      own.init(KeyStore.getInstance(keys.keys().toFile(), keys.password()), keys.password());
      context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
    }
    return context;
  }

  Member connect() throws MqttException {
    mqtt.connect(options).waitForCompletion(PATIENCE_MILLIS);
    return this;
  }

  boolean isConnected() {
    return mqtt.isConnected();
  }

  /** The reason code of a subscription at QoS 1. */
  int subscribe(String filter) throws MqttException {
    return reason(mqtt.subscribe(filter, 1));
  }

  /** The reason code of a publication at QoS 1. */
  int publish(String topic, byte[] payload) throws MqttException {
    return reason(mqtt.publish(topic, payload, 1, false));
  }

  private static int reason(IMqttToken token) throws MqttException {
    try {
      token.waitForCompletion(PATIENCE_MILLIS);
    } catch (MqttException refused) {
      if (refused.getReasonCode() < 0x80) {
        throw refused;
      }
    }
    int[] codes = token.getReasonCodes();
    return codes == null || codes.length == 0 ? -1 : codes[0];
  }

  /** All that came so far. */
  List<Seen> seen() {
    return List.copyOf(seen);
  }

  /** The first that came on a topic. */
  Optional<Seen> first(String topic) {
    return seen.stream().filter(each -> each.address().topic().equals(topic)).findFirst();
  }

  @Override
  public void close() throws MqttException {
    if (mqtt.isConnected()) {
      mqtt.disconnect().waitForCompletion(PATIENCE_MILLIS);
    }
    mqtt.close(true);
  }

  private final class Collector implements MqttCallback {
    @Override
    public void messageArrived(String topic, MqttMessage message) {
      seen.add(new Seen(Address.parse(topic), message.getPayload()));
    }

    @Override
    public void disconnected(MqttDisconnectResponse response) {}

    @Override
    public void mqttErrorOccurred(MqttException exception) {}

    @Override
    public void deliveryComplete(IMqttToken token) {}

    @Override
    public void connectComplete(boolean reconnect, String serverUri) {}

    @Override
    public void authPacketArrived(int reasonCode, MqttProperties properties) {}
  }
}
