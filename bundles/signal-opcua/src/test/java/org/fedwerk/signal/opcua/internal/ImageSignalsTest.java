// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.opcua.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.eclipse.milo.opcua.stack.core.security.SecurityPolicy;
import org.eclipse.milo.opcua.stack.core.types.builtin.ByteString;
import org.eclipse.milo.opcua.stack.core.types.enumerated.MessageSecurityMode;
import org.fedwerk.api.signal.ImageInspection;
import org.fedwerk.api.signal.Sample;
import org.fedwerk.api.signal.SampleValue;
import org.fedwerk.api.signal.SignalDescriptor;
import org.fedwerk.api.signal.SignalReading;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Byte strings of a server as images of parts. */
@Timeout(60)
class ImageSignalsTest {
  private static final int MOST_BYTES = 5 << 20;
  private static final ImageInspection FIRST_BYTE =
      (image, bytes, pixels) ->
          image.bytes().length > bytes
              ? Optional.of("has " + image.bytes().length + " bytes")
              : image.bytes()[0] == 1 ? Optional.empty() : Optional.of("is no PNG and no JPEG");

  @TempDir Path folder;

  private final CollectingSink sink = new CollectingSink();
  private int port;

  @BeforeEach
  void choosePort() throws Exception {
    port = PushingServer.freePort();
  }

  private OpcUaSettings settings() {
    String node = "nsu=" + PushingServer.NAMESPACE + ";s=camera";
    return new OpcUaSettings(
        "test",
        "opc.tcp://127.0.0.1:" + port,
        SecurityPolicy.None,
        MessageSecurityMode.None,
        "",
        null,
        folder,
        List.of(new SignalSetting("camera", node, "", ValueKind.IMAGE, false)),
        0,
        1_000,
        20,
        Duration.ofSeconds(20),
        2,
        MOST_BYTES,
        1 << 20,
        Duration.ofMillis(20),
        Duration.ofMillis(200));
  }

  private static byte[] image(int bytes) {
    byte[] image = new byte[bytes];
    new Random(bytes).nextBytes(image);
    image[0] = 1;
    return image;
  }

  private static void await(BooleanSupplier until) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!until.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "it did not come");
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  @Test
  void aByteStringIsAnImageOfItsBytesAlsoBeyondTheUsualSizeOfAMessage() throws Exception {
    try (PushingServer server =
            new PushingServer(
                port, PushingServer.Certificate.make(), List.of(), List.of("camera"));
        OpcUaSource source = new OpcUaSource(settings(), sink, FIRST_BYTE)) {
      source.start();
      await(() -> server.items() == 1);
      assertEquals(
          List.of(
              SignalDescriptor.ofImages("camera", "nsu=" + PushingServer.NAMESPACE + ";s=camera")),
          source.signals());
      byte[] large = image(4 << 20);
      server.push("camera", ByteString.of(large), 7);
      sink.await(1);
      Sample first = sink.samples().get(0);
      assertEquals(Instant.ofEpochMilli(7), first.sourceTime());
      SampleValue.Image value = (SampleValue.Image) first.value();
      assertArrayEquals(large, value.image().bytes());
      assertEquals("an image of 4194304 bytes", source.readings().get(0).value());
    }
  }

  @Test
  void whatIsNoImageIsRefusedByItsReasonAndTimeGoesOn() throws Exception {
    try (PushingServer server =
            new PushingServer(
                port, PushingServer.Certificate.make(), List.of(), List.of("camera"));
        OpcUaSource source = new OpcUaSource(settings(), sink, FIRST_BYTE)) {
      source.start();
      await(() -> server.items() == 1);
      server.push("camera", 4.0, 1);
      sink.await(1);
      assertEquals("wrong type: number", reading(source).quality());
      server.push("camera", ByteString.of(new byte[] {9, 9}), 2);
      sink.await(2);
      assertEquals("the image is no PNG and no JPEG", reading(source).quality());
      server.push("camera", ByteString.of(image(MOST_BYTES + 1)), 3);
      sink.await(3);
      assertEquals("the image has 5242881 bytes", reading(source).quality());
      for (Sample refused : sink.samples()) {
        assertNull(refused.value());
        assertEquals(0x80740000, refused.status());
      }
      assertEquals(3, reading(source).refused());
      String status = source.status().get(0).detail();
      assertTrue(status.endsWith("; 3 values refused, see fedwerk:signals"), status);
      server.push("camera", ByteString.of(image(10)), 4);
      sink.await(4);
      assertEquals("good", reading(source).quality());
    }
  }

  private static SignalReading reading(OpcUaSource source) {
    return source.readings().get(0);
  }
}
