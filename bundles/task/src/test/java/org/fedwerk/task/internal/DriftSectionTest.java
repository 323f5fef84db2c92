// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.task.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.fedwerk.api.Refusal;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.task.DriftSpec;
import org.fedwerk.api.task.DriftSpec.Method;
import org.fedwerk.api.task.DriftSpec.Scope;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DriftSectionTest {
  private static @Nullable DriftSpec drift(String group) throws RefusedException {
    return new YamlTaskReader().read(RefusalsTest.LEAST + group).task().drift();
  }

  @Test
  void withoutAGroupNobodyWatches() throws RefusedException {
    assertNull(drift(""));
  }

  @Test
  void whatTheTaskLeavesOutHasDefaults() throws RefusedException {
    assertEquals(
        new DriftSpec(Method.PSI, Scope.BOTH, 0.2, 10, 500, 1, 1000, 2, 5, Duration.ofHours(1)),
        drift("drift: {method: psi}\n"));
    assertEquals(
        new DriftSpec(Method.KS, Scope.INPUTS, 0.01, 10, 100, 3, 400, 1, 2, Duration.ofDays(2)),
        drift(
            "drift: {method: ks, of: inputs, significance: 0.01, window: 100, windows: 3,"
                + " reference: 400, quorum: 1, rounds: 2, rest: 2d}\n"));
    assertEquals(
        new DriftSpec(
            Method.ADWIN, Scope.SCORES, 0.002, 10, 500, 1, 1000, 2, 5, Duration.ofHours(1)),
        drift("drift: {method: adwin, of: scores}\n"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}                                  | drift.method       | is missing; give psi, ks, adwin
          {method: cusum}                     | drift.method       | use one of psi, ks, adwin
          {method: psi, of: labels}           | drift.of           | use one of both, inputs, scores
          {method: psi, significance: 0.01}   | drift.significance | is for ks and adwin
          {method: ks, threshold: 0.2}        | drift.threshold    | is for psi
          {method: adwin, bins: 4}            | drift.bins         | is for psi
          {method: psi, threshold: 0}         | drift.threshold    | a number above 0
          {method: ks, significance: 0.9}     | drift.significance | at most 0.5
          {method: psi, window: 9}            | drift.window       | is below egress.least-count, 10
          {method: psi, reference: 20000}     | drift.reference    | from 2 to 10000
          {method: psi, quorum: 0}            | drift.quorum       | from 1 to 1000
          {method: psi, rest: 400d}           | drift.rest         | from 0s to 365d
          {method: psi, treshold: 0.1}        | drift.treshold     | did you mean "threshold"?
          """)
  void whatIsWrongIsRefusedByNameAndKey(String group, String key, String what) {
    RefusedException refused =
        assertThrows(RefusedException.class, () -> drift("drift: " + group + "\n"));
    Refusal first = refused.refusals().get(0);
    assertEquals(key, first.where());
    assertTrue(first.line() > 0 && first.what().contains(what), first.toString());
  }
}
