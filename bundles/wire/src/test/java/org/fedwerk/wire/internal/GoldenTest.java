// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.wire.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.Kind;
import org.fedwerk.api.message.Message;
import org.fedwerk.api.message.Section;
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
  void aPlanThatSaysWhoWasCountedIsTheCommittedBytes() throws IOException, RefusedException {
    byte[] golden = golden("plan-1.2.counted.body.bin");
    assertArrayEquals(golden, BodyEncoder.encode(Examples.counted()));
    Bodies.assertSame(Examples.counted(), BodyDecoder.decode(Kind.PLAN, golden));
  }

  @Test
  void aPlanThatSaysWhoseModelIsWhoseIsTheCommittedBytes() throws IOException, RefusedException {
    byte[] golden = golden("plan-1.2.clusters.body.bin");
    assertArrayEquals(golden, BodyEncoder.encode(Examples.clustered()));
    Bodies.assertSame(Examples.clustered(), BodyDecoder.decode(Kind.PLAN, golden));
  }

  @Test
  void aPlanThatTellsItsModelAsAChangeIsTheCommittedBytes() throws IOException, RefusedException {
    byte[] golden = golden("plan-1.2.changed.body.bin");
    assertArrayEquals(golden, BodyEncoder.encode(Examples.changed()));
    Bodies.assertSame(Examples.changed(), BodyDecoder.decode(Kind.PLAN, golden));
  }

  @Test
  void aPlanWithTheStatisticsOfTheFederationIsTheCommittedBytes()
      throws IOException, RefusedException {
    byte[] golden = golden("plan-1.2.statistics.body.bin");
    assertArrayEquals(golden, BodyEncoder.encode(Examples.standardised()));
    Bodies.assertSame(Examples.standardised(), BodyDecoder.decode(Kind.PLAN, golden));
  }

  @Test
  void aReplyWithStatisticsIsTheCommittedBytes() throws IOException, RefusedException {
    byte[] golden = golden("manifest-1.2.statistics.body.bin");
    assertArrayEquals(golden, BodyEncoder.encode(Examples.statistics()));
    Bodies.assertSame(Examples.statistics(), BodyDecoder.decode(Kind.MANIFEST, golden));
  }

  @Test
  void anUpdateThatTellsOfClassesIsTheCommittedBytes() throws IOException, RefusedException {
    byte[] golden = golden("manifest-1.2.classes.body.bin");
    assertArrayEquals(golden, BodyEncoder.encode(Examples.classes()));
    Bodies.assertSame(Examples.classes(), BodyDecoder.decode(Kind.MANIFEST, golden));
  }

  @Test
  void anUpdateThatTellsOfNumbersIsTheCommittedBytes() throws IOException, RefusedException {
    byte[] golden = golden("manifest-1.2.numbers.body.bin");
    assertArrayEquals(golden, BodyEncoder.encode(Examples.numbers()));
    Bodies.assertSame(Examples.numbers(), BodyDecoder.decode(Kind.MANIFEST, golden));
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

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"PLAN", "MANIFEST"})
  void aSectionWithAListIsWrittenAsTheCommittedBytesAndReadBackWithIt(Kind kind)
      throws IOException, RefusedException {
    Body body = Examples.listed(kind);
    byte[] bytes = golden(kind.word() + "-1.1.body.bin");
    assertArrayEquals(bytes, BodyEncoder.encode(body));

    Body back = BodyDecoder.decode(kind, bytes);
    Section unread = section(back);
    assertFalse(unread.isRead());
    assertThrows(IllegalStateException.class, unread::chunks);
    assertEquals(27_609, unread.size());
    Map<Digest, byte[]> blobs = new HashMap<>();
    section(body).writeList().forEach(piece -> blobs.put(Digest.of(piece), piece));
    Section read = unread.read(digest -> Optional.ofNullable(blobs.get(digest))).orElseThrow();
    assertEquals(section(body), read);
    assertEquals(Optional.empty(), unread.read(digest -> Optional.empty()));
  }

  @Test
  void aListIsWrittenAsTheCommittedBytes() throws IOException {
    List<byte[]> pieces = Examples.longSection(Section.PARAMETERS).writeList();
    assertEquals(2, pieces.size());
    assertArrayEquals(golden("chunk-list-1.1.piece0.bin"), pieces.get(0));
    assertArrayEquals(golden("chunk-list-1.1.piece1.bin"), pieces.get(1));
  }

  private static Section section(Body body) {
    return body instanceof Body.Plan plan
        ? plan.model().parameters()
        : ((Body.Manifest) body).sections().get(0);
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
    for (Kind kind : List.of(Kind.PLAN, Kind.MANIFEST)) {
      Files.write(
          folder.resolve(kind.word() + "-1.1.body.bin"), BodyEncoder.encode(Examples.listed(kind)));
    }
    List<byte[]> pieces = Examples.longSection(Section.PARAMETERS).writeList();
    for (int i = 0; i < pieces.size(); i++) {
      Files.write(folder.resolve("chunk-list-1.1.piece" + i + ".bin"), pieces.get(i));
    }
    Files.write(folder.resolve("plan.note.body.bin"), BodyEncoder.encode(Examples.stopped()));
    Files.write(
        folder.resolve("plan-1.2.counted.body.bin"), BodyEncoder.encode(Examples.counted()));
    Files.write(
        folder.resolve("plan-1.2.clusters.body.bin"), BodyEncoder.encode(Examples.clustered()));
    Files.write(
        folder.resolve("plan-1.2.changed.body.bin"), BodyEncoder.encode(Examples.changed()));
    Files.write(
        folder.resolve("plan-1.2.statistics.body.bin"),
        BodyEncoder.encode(Examples.standardised()));
    Files.write(
        folder.resolve("manifest-1.2.statistics.body.bin"),
        BodyEncoder.encode(Examples.statistics()));
    Files.write(
        folder.resolve("manifest-1.2.classes.body.bin"), BodyEncoder.encode(Examples.classes()));
    Files.write(
        folder.resolve("manifest-1.2.numbers.body.bin"), BodyEncoder.encode(Examples.numbers()));
    TestIdentity site = TestIdentity.site(Examples.SITE.id());
    Files.write(folder.resolve("sealed.public-key.der"), site.publicKey());
    Files.write(
        folder.resolve("sealed.bin"),
        new ProtobufSealedMessages(site).seal(Examples.of(Kind.MANIFEST)));
  }
}
