// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.wire.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.learn.Counts;
import org.fedwerk.api.learn.Errors;
import org.fedwerk.api.learn.Evaluation;
import org.fedwerk.wire.internal.proto.Wire;
import org.junit.jupiter.api.Test;

class EvaluationBytesTest {
  private static Evaluation there(Evaluation sent) throws Exception {
    byte[] bytes = EvaluationBytes.encode(sent).toByteArray();
    return EvaluationBytes.decode("evaluation", Wire.Evaluation.parseFrom(bytes));
  }

  @Test
  void errorsOfANumberArrive() throws Exception {
    Evaluation sent = Evaluation.ofErrors(3, 0.5, new Errors(48.25, 12));
    Evaluation got = there(sent);
    assertEquals(sent.errors(), got.errors());
    assertEquals(3, got.count());
    assertEquals(0, got.confusion().length);
  }

  @Test
  void countsOfSeveralClassesArrive() throws Exception {
    Evaluation sent =
        Evaluation.ofLabels(4, 0.25, List.of(new Counts(1, 2, 0, 1), new Counts(4, 0, 0, 0)));
    assertEquals(sent.labels(), there(sent).labels());
  }

  @Test
  void anEvaluationOfOneClassHasTheBytesItAlwaysHad() throws Exception {
    Evaluation sent =
        new Evaluation(2, 1, new long[][] {{1, 0}, {1, 0}}, new long[2][Evaluation.BINS]);
    Wire.Evaluation wire = EvaluationBytes.encode(sent);
    assertEquals(0, wire.getLabelsCount());
    assertEquals(
        wire.toBuilder().clearSquaredError().clearAbsoluteError().build().toByteString(),
        wire.toByteString());
    assertArrayEquals(sent.confusion()[1], there(sent).confusion()[1]);
  }

  @Test
  void cellsThatAreNotFourPerClassAreRefused() {
    Wire.Evaluation odd = Wire.Evaluation.newBuilder().addLabels(1).build();
    assertThrows(RefusedException.class, () -> EvaluationBytes.decode("evaluation", odd));
  }
}
