// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.folder.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.fedwerk.api.RefusedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsReaderTest {
  private static final Map<String, Object> LEAST = Map.of("name", "press", "folder", "/plates");

  @Test
  void aFolderIsEnough() throws RefusedException {
    assertEquals(
        new FolderSettings(
            "press",
            Path.of("/plates"),
            "camera",
            "serial",
            Duration.ofSeconds(1),
            Duration.ofSeconds(10),
            4 << 20,
            8 << 20,
            10_000,
            true),
        SettingsReader.read(LEAST));
  }

  @Test
  void theNameIsThatOfTheFile() throws RefusedException {
    Map<String, Object> file =
        Map.of(
            "folder",
            "/plates",
            "felix.fileinstall.filename",
            "file:/opt/etc/org.fedwerk.signal.folder-press1.cfg");
    assertEquals("press1", SettingsReader.read(file).name());
    Map<String, Object> own =
        Map.of("folder", "/plates", "service.pid", "org.fedwerk.signal.folder~press2");
    assertEquals("press2", SettingsReader.read(own).name());
  }

  @ParameterizedTest
  @CsvSource({
    "folder, '', is missing",
    "every, 99, 100 to 3600000",
    "settle, soon, 1 to 86400",
    "image.max-bytes, 33554433, 1 to 33554432",
    "image.max-pixels, 0, 1 to 33554432",
    "files.max, 0, 1 to 1000000",
    "after, burn, move or delete",
    "signal, a b, is not allowed",
    "serial, camera, the signal of images too",
    "name, ../x, is not allowed",
    "fodler, /plates, is not a known key"
  })
  void whatIsWrongIsRefusedByItsKey(String key, String value, String what) {
    Map<String, Object> keys = new HashMap<>(LEAST);
    keys.put(key, value);
    RefusedException refused =
        assertThrows(RefusedException.class, () -> SettingsReader.read(keys));
    assertEquals("org.fedwerk.signal.folder: " + key, refused.refusals().get(0).where());
    assertTrue(refused.refusals().get(0).what().contains(what), refused.getMessage());
  }
}
