// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.opcua.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubscriptionMemoTest {
  private static final String SETTINGS =
      "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9";

  /** What the golden file says. */
  private static final ResumePoint KEPT = new ResumePoint(7, "2026-03-01T08:00:00Z", SETTINGS, 42);

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("subscription");
  }

  private static byte[] golden(String program) throws Exception {
    String name = "/state/" + program + "/subscription";
    try (InputStream in =
        Objects.requireNonNull(SubscriptionMemoTest.class.getResourceAsStream(name), name)) {
      return in.readAllBytes();
    }
  }

  private Optional<ResumePoint> read() throws Exception {
    return new SubscriptionMemo(folder).read();
  }

  @Test
  void whatTheFirstProgramLeftIsReadAndBroughtIntoTodaysForm() throws Exception {
    Files.write(file, golden("first"));
    SubscriptionMemo memo = new SubscriptionMemo(folder);
    assertEquals(Optional.of(KEPT), memo.read());
    assertEquals("fedwerk-subscription-2", Files.readAllLines(file).get(0));
    assertTrue(memo.isWritten());
    memo.stored(43);
    assertEquals(Optional.of(KEPT.after(43)), read());
  }

  @Test
  void todaysFormIsTheGoldenOneAndIsBroughtUpToDateInPlace() throws Exception {
    SubscriptionMemo memo = new SubscriptionMemo(folder);
    memo.write(KEPT);
    assertEquals(
        List.of("fedwerk-subscription-2", "0000000042", "7", "2026-03-01T08:00:00Z", SETTINGS),
        Files.readAllLines(file));
    long size = Files.size(file);
    memo.stored(4_294_967_295L);
    assertEquals(size, Files.size(file));
    assertEquals(Optional.of(KEPT.after(4_294_967_295L)), read());
    memo.forget();
    assertEquals(Optional.empty(), read());
  }

  @Test
  void whatANewerProgramLeftIsRefusedWithItsFileBothVersionsAndWhatToDo() throws Exception {
    String newer = "fedwerk-subscription-3\nsomething else\n";
    Files.writeString(file, newer);
    ConnectionProblem refused = assertThrows(ConnectionProblem.class, this::read);
    assertTrue(
        refused
            .what()
            .startsWith(
                file + " is of version 3, written by a newer program; this one reads up to 2"),
        refused.what());
    assertTrue(refused.what().contains("remove the file"), refused.what());
    assertEquals(newer, Files.readString(file), "it is left as it is");
  }

  @Test
  void whatIsNoMemoAtAllCostsOnlyTheSubscription() throws Exception {
    Files.writeString(file, "0000000042\n");
    assertEquals(Optional.empty(), read());
    Files.writeString(file, "fedwerk-subscription-two\n");
    assertEquals(Optional.empty(), read());
  }
}
