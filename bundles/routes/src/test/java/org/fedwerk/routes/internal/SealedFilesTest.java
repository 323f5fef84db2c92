// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.routes.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.fedwerk.api.link.Address;
import org.fedwerk.api.link.Address.Branch;
import org.fedwerk.api.message.Kind;
import org.junit.jupiter.api.Test;

class SealedFilesTest {
  private static final byte[] BYTES = "sealed".getBytes(StandardCharsets.UTF_8);
  private static final Address ADDRESS =
      new Address("pumps", Branch.FROM, "plant-c", Kind.CHUNK, "0123456789ab");

  private static String refusal(String name, byte[] bytes) {
    return String.valueOf(
        assertThrows(IllegalArgumentException.class, () -> SealedFileName.read(name, bytes))
            .getMessage());
  }

  @Test
  void aFileNameTellsWhereItsContentGoes() {
    String name = SealedFileName.of(ADDRESS, BYTES);
    assertEquals("fedwerk.pumps.from.plant-c.chunk.0123456789ab.", name.substring(0, 46));
    assertTrue(name.matches(".*\\.[0-9a-f]{16}\\.sealed"), name);
    assertEquals(ADDRESS, SealedFileName.read(name, BYTES));
    assertEquals(ADDRESS, SealedFileName.read("hq/" + name, BYTES));
    Address all = new Address("pumps", Branch.ALL, null, Kind.PLAN, "none");
    assertEquals(all, SealedFileName.read(SealedFileName.of(all, BYTES), BYTES));
  }

  @Test
  void aCutFileAndARenamedOneAreToldApart() {
    String name = SealedFileName.of(ADDRESS, BYTES);
    assertTrue(refusal(name, new byte[3]).contains("is not whole"));
    assertTrue(refusal("report.sealed", BYTES).contains("must keep the name"));
    assertTrue(refusal(name.replace("fedwerk.", "other."), BYTES).contains("not a Fedwerk topic"));
  }
}
