// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.store.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.fedwerk.api.data.Part;
import org.fedwerk.api.data.PartData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Today's program on a store that the first release wrote, recorded by {@link PartsRecorder}. */
class OlderPartsTest {
  private static final int VERSION_AT = 8;

  @TempDir Path folder;

  private static InputStream resource(String name) {
    return Objects.requireNonNull(OlderPartsTest.class.getResourceAsStream("/state/first/" + name));
  }

  private void unpack() throws IOException {
    try (ZipInputStream zip = new ZipInputStream(resource("store.zip"))) {
      for (ZipEntry each = zip.getNextEntry(); each != null; each = zip.getNextEntry()) {
        Path file = folder.resolve(each.getName());
        Files.createDirectories(file.getParent());
        Files.copy(zip, file);
      }
    }
  }

  @Test
  void everythingIsReadAsItWasWrittenAndTheStoreGoesOn() throws Exception {
    unpack();
    List<String> expected;
    try (InputStream in = resource("facts.txt")) {
      expected = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
    try (DiskStorage storage = new DiskStorage(StoreSettings.in(folder))) {
      DiskPartStore parts = new DiskPartStore(storage);
      assertEquals(expected, PartsRecorder.facts(parts));
      PartData second = parts.part(1).orElseThrow();
      Part next = new Part("P3", 3, second.part().begin(), second.part().end());
      parts.add(new PartData(next, second.series(), false));
      assertEquals(4, parts.nextOrdinal());
      assertEquals(1, parts.delete(Set.of("P0")).parts());
    }
    try (DiskStorage storage = new DiskStorage(StoreSettings.in(folder))) {
      assertTrue(new DiskPartStore(storage).isDeleted("P0"));
    }
  }

  @Test
  void aFileOfANewerProgramIsRefusedByNameWithBothVersions() throws Exception {
    unpack();
    try (Stream<Path> all = Files.walk(folder)) {
      List<Path> files =
          all.filter(Files::isRegularFile)
              .filter(file -> !file.toString().contains("journals"))
              .toList();
      assertTrue(files.size() >= 4, files.toString());
      for (Path file : files) {
        byte before = versioned(file, (byte) 9);
        RuntimeException refused =
            assertThrows(
                RuntimeException.class,
                () -> {
                  try (DiskStorage storage = new DiskStorage(StoreSettings.in(folder))) {
                    assertEquals(4, new DiskPartStore(storage).nextOrdinal());
                  }
                },
                file.toString());
        String message = String.valueOf(refused.getMessage());
        assertTrue(message.contains(file.getFileName().toString()), message);
        assertTrue(message.contains("version 9") && message.contains("up to 1"), message);
        versioned(file, before);
      }
    }
  }

  /** Sets the last byte of the version that follows the file's first eight bytes. */
  private static byte versioned(Path file, byte version) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(VERSION_AT + 3);
      byte before = bytes.readByte();
      bytes.seek(VERSION_AT + 3);
      bytes.writeByte(version);
      return before;
    }
  }
}
