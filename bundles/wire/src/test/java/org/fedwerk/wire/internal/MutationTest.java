// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.wire.internal;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.message.Kind;
import org.fedwerk.api.message.Party;

/** Whatever is done to the bytes, the answer is a refusal and never another exception. */
class MutationTest {
  private static final TestIdentity HUB = TestIdentity.coordinator("hub");
  private static final TestIdentity PLANT = TestIdentity.site("plant-a");
  private static final Map<Kind, byte[]> SEALED = new EnumMap<>(Kind.class);

  static {
    HUB.knows(PLANT);
    PLANT.knows(HUB);
    for (Kind kind : Kind.values()) {
      if (kind.isSealed()) {
        TestIdentity sender = kind.mayBeSentBy(Party.Role.SITE) ? PLANT : HUB;
        SEALED.put(kind, new ProtobufSealedMessages(sender).seal(Examples.of(kind)));
      }
    }
  }

  @Property(tries = 3000)
  void oneChangedByteIsRefused(
      @ForAll("kinds") Kind kind,
      @ForAll @IntRange(max = 1 << 20) int at,
      @ForAll @IntRange(min = 1, max = 255) int flip) {
    byte[] bytes = SEALED.get(kind).clone();
    bytes[at % bytes.length] ^= (byte) flip;
    assertRefused(kind, bytes);
  }

  @Property(tries = 1000)
  void aTruncatedMessageIsRefused(
      @ForAll("kinds") Kind kind, @ForAll @IntRange(max = 1 << 20) int at) {
    byte[] bytes = SEALED.get(kind);
    assertRefused(kind, Arrays.copyOf(bytes, at % bytes.length));
  }

  @Property
  void aMessageWithMoreBehindItsEndIsRefused(
      @ForAll("kinds") Kind kind, @ForAll @IntRange(min = 1, max = 100) int more) {
    byte[] bytes = SEALED.get(kind);
    assertRefused(kind, Arrays.copyOf(bytes, bytes.length + more));
  }

  @Property(tries = 3000)
  void arbitraryBytesAreRefused(@ForAll("kinds") Kind kind, @ForAll byte[] bytes) {
    assertRefused(kind, bytes);
  }

  /** Here nothing but the bytes speaks against them: the sender signed what is malformed. */
  @Property(tries = 5000)
  void aChangedBodyOrHeaderThatIsSignedIsReadOrRefused(
      @ForAll("kinds") Kind kind,
      @ForAll boolean inHeader,
      @ForAll @IntRange(max = 1 << 20) int at,
      @ForAll @IntRange(min = 1, max = 255) int flip) {
    byte[] bytes =
        inHeader
            ? HeaderBytes.encode(Examples.header(kind))
            : BodyEncoder.encode(Examples.body(kind));
    bytes[at % bytes.length] ^= (byte) flip;
    try {
      if (inHeader) {
        BodyEncoder.encode(BodyDecoder.decode(HeaderBytes.decode(bytes).kind(), new byte[0]));
      } else {
        BodyEncoder.encode(BodyDecoder.decode(kind, bytes));
      }
    } catch (RefusedException expected) {
      assertFalse(expected.refusals().isEmpty());
    }
  }

  @Provide
  Arbitrary<Kind> kinds() {
    return Arbitraries.of(SEALED.keySet());
  }

  private static void assertRefused(Kind kind, byte[] bytes) {
    TestIdentity receiver = kind.mayBeSentBy(Party.Role.SITE) ? HUB : PLANT;
    assertThrows(
        RefusedException.class,
        () -> new ProtobufSealedMessages(receiver).open(Examples.address(kind), bytes));
  }
}
