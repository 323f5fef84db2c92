// SPDX-License-Identifier: Apache-2.0
package org.eclipse.paho.mqttv5.common.packet.util;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Random;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.eclipse.paho.mqttv5.common.packet.MqttPublish;
import org.eclipse.paho.mqttv5.common.packet.MqttWireMessage;
import org.junit.jupiter.api.Test;

class CountingInputStreamTest {
  @Test
  void piecesAreReadAsTheyAreAskedForAndCounted() throws IOException {
    CountingInputStream stream = new CountingInputStream(new ByteArrayInputStream(new byte[10]));
    assertEquals(0, stream.read());
    byte[] piece = new byte[6];
    assertEquals(5, stream.read(piece, 1, 5));
    assertEquals(6, stream.getCounter());
    stream.resetCounter();
    assertEquals(4, stream.read(piece));
    assertEquals(-1, stream.read());
    assertEquals(-1, stream.read(piece));
    assertEquals(4, stream.getCounter());
  }

  @Test
  void theStreamBelowIsAskedOnceForAPiece() throws IOException {
    int[] calls = new int[1];
    InputStream below =
        new ByteArrayInputStream(new byte[96_000]) {
          @Override
          public synchronized int read(byte[] bytes, int offset, int length) {
            calls[0]++;
            return super.read(bytes, offset, length);
          }

          @Override
          public synchronized int read() {
            calls[0]++;
            return super.read();
          }
        };
    assertEquals(96_000, new CountingInputStream(below).read(new byte[96_000]));
    assertEquals(1, calls[0]);
  }

  @Test
  void pahoReadsWhatItWroteThroughThisClass() throws Exception {
    byte[] payload = new byte[96_000];
    new Random(7).nextBytes(payload);
    MqttPublish publish =
        new MqttPublish(
            "fedwerk/plants/from/a/chunk/none",
            new MqttMessage(payload, 1, false, null),
            new MqttProperties());
    publish.setMessageId(7);
    ByteArrayOutputStream packet = new ByteArrayOutputStream();
    packet.write(publish.getHeader());
    packet.write(publish.getPayload());
    MqttPublish read =
        assertInstanceOf(
            MqttPublish.class, MqttWireMessage.createWireMessage(packet.toByteArray()));
    assertEquals("fedwerk/plants/from/a/chunk/none", read.getTopicName());
    assertEquals(7, read.getMessageId());
    assertArrayEquals(payload, read.getMessage().getPayload());
  }
}
