// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.broker.internal;

import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.activemq.artemis.core.protocol.mqtt.MQTTInterceptor;
import org.apache.activemq.artemis.spi.core.protocol.RemotingConnection;
import org.jspecify.annotations.Nullable;

/**
 * Looks at packets before the broker does: a session's expiry is cut to the longest allowed, and
 * said so in CONNACK (MQTT 5, 3.2.2.3.2); a topic with {@code ::}, which the broker's core would
 * read as the name of a queue, closes the connection.
 */
final class SessionRules implements MQTTInterceptor {
  private static final int SESSION_EXPIRY =
      MqttProperties.MqttPropertyType.SESSION_EXPIRY_INTERVAL.value();
  private static final String QUEUE_NAME = "::";

  private final int longest;
  private final Counts counts;
  private final Set<Object> cut = ConcurrentHashMap.newKeySet();

  SessionRules(Duration longest, Counts counts) {
    this.longest = Math.toIntExact(longest.toSeconds());
    this.counts = counts;
  }

  @Override
  public boolean intercept(MqttMessage packet, RemotingConnection connection) {
    Object header = packet.variableHeader();
    if (packet instanceof MqttConnectMessage connect) {
      if (shorten(connect.variableHeader().properties())) {
        cut.add(connection.getID());
        connection.addCloseListener(() -> cut.remove(connection.getID()));
      }
      return isPlain(connect.payload().willTopic());
    }
    if (packet instanceof MqttConnAckMessage accepted && cut.remove(connection.getID())) {
      MqttProperties properties = accepted.variableHeader().properties();
      if (properties != MqttProperties.NO_PROPERTIES) {
        properties.add(new MqttProperties.IntegerProperty(SESSION_EXPIRY, longest));
      }
    }
    if (packet instanceof MqttPublishMessage publish) {
      return isPlain(publish.variableHeader().topicName());
    }
    if (packet instanceof MqttSubscribeMessage subscribe) {
      return subscribe.payload().topicSubscriptions().stream()
          .allMatch(subscription -> isPlain(subscription.topicFilter()));
    }
    if (header instanceof MqttReasonCodeAndPropertiesVariableHeader disconnect) {
      shorten(disconnect.properties());
    }
    return true;
  }

  private boolean shorten(MqttProperties properties) {
    MqttProperties.MqttProperty<?> wanted = properties.getProperty(SESSION_EXPIRY);
    if (wanted instanceof MqttProperties.IntegerProperty expiry
        && Integer.compareUnsigned(expiry.value(), longest) > 0) {
      properties.add(new MqttProperties.IntegerProperty(SESSION_EXPIRY, longest));
      return true;
    }
    return false;
  }

  private boolean isPlain(@Nullable String topic) {
    if (topic != null && topic.contains(QUEUE_NAME)) {
      counts.refusedRights.increment();
      return false;
    }
    return true;
  }
}
