// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.wire.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.fedwerk.api.learn.Evaluation;
import org.fedwerk.api.message.Body;

/** Compares bodies by content; an evaluation holds arrays, whose equality is identity. */
final class Bodies {
  private Bodies() {}

  static void assertSame(Body expected, Body actual) {
    if (expected instanceof Body.Manifest a && actual instanceof Body.Manifest b) {
      assertEquals(withoutEvaluation(a), withoutEvaluation(b));
      assertEquals(a.evaluation().isPresent(), b.evaluation().isPresent());
      if (a.evaluation().isPresent()) {
        assertSame(a.evaluation().get(), b.evaluation().get());
      }
    } else {
      assertEquals(expected, actual);
    }
  }

  private static void assertSame(Evaluation expected, Evaluation actual) {
    assertEquals(expected.count(), actual.count());
    assertEquals(expected.lossSum(), actual.lossSum());
    assertArrayEquals(expected.confusion(), actual.confusion());
    assertArrayEquals(expected.scoreHistogram(), actual.scoreHistogram());
  }

  private static Body.Manifest withoutEvaluation(Body.Manifest m) {
    return new Body.Manifest(
        m.base(),
        m.sections(),
        m.weight(),
        m.weightDisclosure(),
        m.metrics(),
        Optional.empty(),
        m.localRevision(),
        m.training(),
        m.statistics(),
        m.labels());
  }
}
