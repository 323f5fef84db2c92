// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.wire.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.message.Kind;
import org.fedwerk.api.message.Message;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bytes on the wire do not change by accident. */
class GoldenTest {
  @ParameterizedTest
  @EnumSource(value = Kind.class, mode = EnumSource.Mode.EXCLUDE, names = "CHUNK")
  void everyKindIsWrittenAsTheCommittedBytes(Kind kind) throws IOException {
    Message message = Examples.of(kind);
    assertArrayEquals(golden(kind.word() + ".header.bin"), HeaderBytes.encode(message.header()));
    assertArrayEquals(golden(kind.word() + ".body.bin"), BodyEncoder.encode(message.body()));
  }

  @ParameterizedTest
  @EnumSource(value = Kind.class, mode = EnumSource.Mode.EXCLUDE, names = "CHUNK")
  void theCommittedBytesOfEveryKindAreReadBack(Kind kind) throws IOException, RefusedException {
    Message message = Examples.of(kind);
    assertEquals(message.header(), HeaderBytes.decode(golden(kind.word() + ".header.bin")));
    Bodies.assertSame(message.body(), BodyDecoder.decode(kind, golden(kind.word() + ".body.bin")));
  }

  @Test
  void aPlanWithANoteOfMinorOneIsTheCommittedBytes() throws IOException, RefusedException {
    byte[] golden = golden("plan.note.body.bin");
    assertArrayEquals(golden, BodyEncoder.encode(Examples.stopped()));
    Bodies.assertSame(Examples.stopped(), BodyDecoder.decode(Kind.PLAN, golden));
  }

  @Test
  void theCommittedSealedMessageOpensWithTheCommittedPublicKey()
      throws IOException, RefusedException {
    TestIdentity hub =
        TestIdentity.coordinator("hub").knows(Examples.SITE, golden("sealed.public-key.der"));
    byte[] sealed = golden("sealed.bin");
    ProtobufSealedMessages messages = new ProtobufSealedMessages(hub);
    Message opened = messages.open(Examples.address(Kind.MANIFEST), sealed);
    assertEquals(Examples.header(Kind.MANIFEST), opened.header());
    Bodies.assertSame(Examples.body(Kind.MANIFEST), opened.body());
    assertEquals(Digest.of(golden("manifest.body.bin")), messages.bodyDigest(sealed));
  }

  private static byte[] golden(String name) throws IOException {
    try (InputStream file = GoldenTest.class.getResourceAsStream("/golden/" + name)) {
      assertNotNull(file, name);
      return file.readAllBytes();
    }
  }

  /**
   * Writes the files anew; only for a new protocol major or a new kind.
   *
   * @param args the folder
   */
  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0]);
    for (Kind kind : Kind.values()) {
      if (kind.isSealed()) {
        Message message = Examples.of(kind);
        Files.write(
            folder.resolve(kind.word() + ".header.bin"), HeaderBytes.encode(message.header()));
        Files.write(folder.resolve(kind.word() + ".body.bin"), BodyEncoder.encode(message.body()));
      }
    }
    Files.write(folder.resolve("plan.note.body.bin"), BodyEncoder.encode(Examples.stopped()));
    TestIdentity site = TestIdentity.site(Examples.SITE.id());
    Files.write(folder.resolve("sealed.public-key.der"), site.publicKey());
    Files.write(
        folder.resolve("sealed.bin"),
        new ProtobufSealedMessages(site).seal(Examples.of(Kind.MANIFEST)));
  }
}
