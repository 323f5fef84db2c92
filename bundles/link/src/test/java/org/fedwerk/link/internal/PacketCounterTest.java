// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.link.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PacketCounterTest {
  private final ByteArrayOutputStream stream = new ByteArrayOutputStream();
  private final PacketCounter counter = new PacketCounter(first -> first >> 4 == 3);

  private void packet(int first, int length) {
    stream.write(first);
    int rest = length;
    do {
      int seven = rest & 0x7f;
      rest >>= 7;
      stream.write(rest > 0 ? seven | 0x80 : seven);
    } while (rest > 0);
    for (int each = 0; each < length; each++) {
      stream.write(0x32); // what a packet holds may look like another one
    }
  }

  private void packets() {
    packet(0x32, 0);
    packet(0x40, 2);
    packet(0x3a, 127);
    packet(0x32, 128);
    packet(0xd0, 0);
    packet(0x32, 98_000);
    packet(0xe0, 1);
    packet(0x30, 3_000_000);
  }

  @Test
  void packetsOfATypeAreCountedHoweverTheirBytesAreCut() {
    packets();
    byte[] bytes = stream.toByteArray();
    Random random = new Random(1);
    int at = 0;
    while (at < bytes.length) {
      if (random.nextBoolean()) {
        counter.passed(bytes[at++] & 0xff);
      } else {
        int piece = Math.min(bytes.length - at, random.nextInt(5_000));
        counter.passed(bytes, at, piece);
        at += piece;
      }
    }
    assertEquals(5, counter.count());
  }

  @Test
  void allInOnePieceIsTheSame() {
    packets();
    packets();
    counter.passed(stream.toByteArray(), 0, stream.size());
    assertEquals(10, counter.count());
  }
}
