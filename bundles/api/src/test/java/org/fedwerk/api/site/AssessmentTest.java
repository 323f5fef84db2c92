// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.fedwerk.api.Digest;
import org.fedwerk.api.site.Assessment.Advice;
import org.fedwerk.api.site.Assessment.Finding;
import org.fedwerk.api.site.Assessment.Report;
import org.fedwerk.api.site.Assessment.Verdict;
import org.junit.jupiter.api.Test;

class AssessmentTest {
  private static String value(double number, String unit, String words) {
    return new Finding("what", number, unit, words, "", Verdict.NONE).value();
  }

  @Test
  void aValueIsForPeopleWithItsUnitAndWhatElseIsToBeSaid() {
    assertEquals("39 examples", value(39, "examples", ""));
    assertEquals("270608 bytes", value(270_608, "bytes", ""));
    assertEquals("1.20 %", value(1.2, "%", ""));
    assertEquals("5211 examples/s, on one thread", value(5210.7, "examples/s", "on one thread"));
    assertEquals("0.00614 s", value(0.00614, "s", ""));
    assertEquals("0.750", value(0.75, "", ""));
    assertEquals("not measured", value(Double.NaN, "s", "not measured"));
  }

  @Test
  void adviceHasAReason() {
    Digest digest = Digest.of(new byte[0]);
    assertThrows(
        IllegalArgumentException.class,
        () -> new Report("milling", digest, List.of(), Advice.FEDERATED, List.of()));
  }
}
