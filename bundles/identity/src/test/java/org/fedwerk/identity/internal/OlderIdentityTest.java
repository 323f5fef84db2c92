// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.identity.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.fedwerk.api.identity.Identity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/**
 * Today's program on the folders that the first one wrote, recorded by {@link IdentityRecorder}.
 */
class OlderIdentityTest {
  private final Clock clock = new ManualClock();

  @TempDir Path folder;

  private static InputStream resource(String name) {
    return Objects.requireNonNull(
        OlderIdentityTest.class.getResourceAsStream("/state/first/" + name));
  }

  private void unpack() throws IOException {
    try (ZipInputStream zip = new ZipInputStream(resource("identity.zip"))) {
      for (ZipEntry each = zip.getNextEntry(); each != null; each = zip.getNextEntry()) {
        Path file = folder.resolve(each.getName());
        Files.createDirectories(file.getParent());
        Files.copy(zip, file);
      }
    }
  }

  @Test
  void whoIsKnownRevokedOrAskedForIsReadAsItWasWrittenAndEnrolmentGoesOn() throws Exception {
    unpack();
    List<String> expected;
    byte[] request;
    try (InputStream facts = resource("facts.txt");
        InputStream asked = resource("press3.request")) {
      expected = new String(facts.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
      request = asked.readAllBytes();
    }
    Identity press1 = SiteIdentity.open(folder.resolve("press1"), clock).identity().orElseThrow();
    try (Authority authority = IdentityRecorder.authority(folder, clock)) {
      assertEquals(expected, IdentityRecorder.facts(authority, press1));
      byte[] bytes = {1, 2, 3};
      Identity coordinator = authority.identity();
      assertEquals(press1.self(), coordinator.verify(press1.keyId(), bytes, press1.sign(bytes)));
      SiteIdentity press3 = SiteIdentity.open(folder.resolve("press3"), clock);
      assertEquals("press3", press3.accept(authority.answer(request)).self().id());
      authority.serve();
      authority.issueToken("press4", Duration.ofHours(1));
    }
    try (Authority authority = IdentityRecorder.authority(folder, clock)) {
      assertEquals(3, authority.identity().roster().size());
    }
  }

  @Test
  void aFileOfANewerProgramIsRefusedByNameWithBothVersionsAndLeftAsItIs() throws Exception {
    unpack();
    newer("hq/ca.pem", () -> IdentityRecorder.authority(folder, clock).close());
    newer("hq/coordinator.pem", () -> IdentityRecorder.authority(folder, clock).close());
    newer("press1/site.pem", () -> SiteIdentity.open(folder.resolve("press1"), clock));

    Path ledger = folder.resolve("hq/ledger");
    String act = "version 2";
    CRC32 crc = new CRC32();
    crc.update(act.getBytes(StandardCharsets.UTF_8));
    String text =
        String.format(Locale.ROOT, "%08x ", crc.getValue()) + act + "\n" + Files.readString(ledger);
    Files.writeString(ledger, text);
    refused(ledger, () -> IdentityRecorder.authority(folder, clock).close());
    assertEquals(text, Files.readString(ledger));
  }

  @Test
  void aNewLedgerSaysItsVersion() throws Exception {
    IdentityRecorder.authority(folder, clock).close();
    IdentityRecorder.authority(folder, clock).close();
    assertTrue(Files.readString(folder.resolve("hq/ledger")).matches("[0-9a-f]{8} version 1\n"));
  }

  private void newer(String name, Executable open) throws IOException {
    Path file = folder.resolve(name);
    String before = Files.readString(file);
    Files.writeString(file, before.replaceFirst("-1\n", "-2\n"));
    refused(file, open);
    Files.writeString(file, before);
  }

  private static void refused(Path file, Executable open) {
    String message = String.valueOf(assertThrows(Exception.class, open).getMessage());
    assertTrue(message.contains(file.toString()), message);
    assertTrue(message.contains("version 2") && message.contains("up to 1"), message);
  }
}
