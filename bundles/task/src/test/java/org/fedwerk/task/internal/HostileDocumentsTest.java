// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.task.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.fedwerk.api.RefusedException;

/** A document from elsewhere is read or refused, whatever it holds. */
class HostileDocumentsTest {
  @Property(tries = 500)
  void anyTextIsReadOrRefused(@ForAll @StringLength(max = 200) String yaml) {
    readOrRefused(yaml);
  }

  @Property(tries = 1000)
  void anExampleWithSomeCharactersReplacedIsReadOrRefused(
      @ForAll @IntRange(max = 10_000) int at,
      @ForAll @IntRange(max = 8) int length,
      @ForAll @StringLength(max = 8) String instead)
      throws IOException {
    StringBuilder yaml = new StringBuilder(ExamplesTest.text("milling.yaml"));
    int from = at % yaml.length();
    readOrRefused(yaml.replace(from, Math.min(yaml.length(), from + length), instead).toString());
  }

  private static void readOrRefused(String yaml) {
    try {
      assertEquals(yaml, new YamlTaskReader().read(yaml).yaml());
    } catch (RefusedException refused) {
      assertFalse(refused.refusals().isEmpty());
    }
  }
}
