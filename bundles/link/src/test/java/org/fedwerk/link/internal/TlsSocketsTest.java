// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.link.internal;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.eclipse.paho.mqttv5.common.packet.MqttPublish;
import org.fedwerk.api.identity.Identity.TlsStores;
import org.fedwerk.api.link.Address;
import org.fedwerk.api.link.Address.Branch;
import org.fedwerk.api.message.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsSocketsTest {
  @TempDir Path folder;

  @Test
  void storesThatCannotBeReadAreOneClearError() {
    TlsStores gone =
        new TlsStores(folder.resolve("no-keys"), folder.resolve("no-trust"), new char[0]);
    IllegalStateException failed =
        assertThrows(IllegalStateException.class, () -> new TlsSockets(gone));
    assertTrue(failed.getMessage().contains("enrol this process again"));
  }

  @Test
  void aPacketWithTheLargestPayloadAndTheLongestTopicIsNotAboveTheLimit() throws Exception {
    String longest = "x".repeat(40);
    Address address = new Address(longest, Branch.FROM, longest, Kind.MANIFEST, "0123456789ab");
    MqttMessage message =
        new MqttMessage(new byte[CamelLink.MAX_PACKET - CamelLink.PACKET_OVERHEAD]);
    message.setQos(1);
    MqttPublish packet = new MqttPublish(address.topic(), message, new MqttProperties());
    packet.setMessageId(65_535);
    assertTrue(packet.getHeader().length + packet.getPayload().length <= CamelLink.MAX_PACKET);
  }
}
