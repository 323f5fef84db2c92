// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.djl.internal;

import static org.fedwerk.learn.djl.internal.Fixtures.ENGINE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Set;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.learn.TrainedVector;
import org.fedwerk.api.learn.TrainingGuide;
import org.fedwerk.api.learn.TrainingSpec;
import org.junit.jupiter.api.Test;

/** What guides a training besides the task's optimizer. */
class GuideTest {
  private final Network network = Fixtures.mlp(new int[] {4}, 3, 2);
  private final LabelledInputs inputs = Fixtures.clouds(24, 4, 2, 0.5, 7);
  private final float[] start = Fixtures.start(network, 1);

  private TrainedVector train(TrainingSpec spec, TrainingGuide guide) {
    return ENGINE.train(network, spec, inputs, start, guide, 1, (done, total) -> true);
  }

  private static float[] filled(int length, float value) {
    float[] vector = new float[length];
    Arrays.fill(vector, value);
    return vector;
  }

  /** Whole batches, so that the order plays no part. */
  @Test
  void aCorrectionIsAddedToEveryGradient() {
    TrainingSpec once = Fixtures.sgd(0.1, 0, 24, 1);
    float[] plain = train(once, TrainingGuide.NONE).vector();
    float[] corrected =
        train(once, TrainingGuide.NONE.corrected(filled(start.length, 0.5f))).vector();
    for (int i = 0; i < start.length; i++) {
      assertEquals(plain[i] - 0.05, corrected[i], 1e-6);
    }
  }

  @Test
  void thePullGoesToTheAnchorInsteadOfTheStart() {
    TrainingSpec plain = Fixtures.sgd(0.1, 0, 24, 1);
    TrainingSpec pulled = new TrainingSpec("sgd", 0.1, 0, 24, 1, false, 0, 0.4, 0);
    float[] anchor = filled(start.length, 3);
    float[] free = train(plain, TrainingGuide.NONE).vector();
    float[] drawn = train(pulled, TrainingGuide.NONE.anchored(anchor)).vector();
    for (int i = 0; i < start.length; i++) {
      assertEquals(free[i] - 0.1 * 0.4 * (start[i] - 3), drawn[i], 1e-6);
    }
  }

  @Test
  void entriesThatAreNotNamedStayBitByBit() {
    TrainingSpec spec = new TrainingSpec("adamw", 0.1, 0, 8, 3, false, 0.1, 0, 0);
    Set<String> head = Set.of("dense2.weight", "dense2.bias");
    float[] trained = train(spec, TrainingGuide.NONE.of(head)).vector();
    int body = network.layout().entries().get(2).offset();
    assertArrayEquals(Arrays.copyOf(start, body), Arrays.copyOf(trained, body));
    for (int i = body; i < start.length; i++) {
      assertTrue(trained[i] != start[i], "element " + i);
    }
  }

  @Test
  void trainingStopsWhereValidationStopsToGainAndKeepsTheBestEpoch() {
    LabelledInputs other = Fixtures.clouds(20, 4, 2, 0.5, 8);
    TrainingGuide stops = TrainingGuide.of(other, 2, false);
    TrainingSpec many = Fixtures.sgd(0.3, 0, 24, 40);
    TrainedVector stopped = train(many, stops);
    assertTrue(stopped.steps() < 40, stopped.steps() + " epochs");
    int best = stopped.steps() - 2;
    float[] expected =
        best == 0 ? start : train(Fixtures.sgd(0.3, 0, 24, best), TrainingGuide.NONE).vector();
    assertArrayEquals(expected, stopped.vector());
    assertEquals(40, train(many, TrainingGuide.NONE).steps());
  }

  @Test
  void balancedSamplingDrawsARareClassAsOftenAsACommonOne() {
    int[] classes = new int[200];
    Arrays.fill(classes, 0, 10, 1);
    ExampleOrder order = ExampleOrder.of(new LabelledInputs(200, new float[200], classes), true, 5);
    long rare = 0;
    for (int epoch = 0; epoch < 20; epoch++) {
      int[] drawn = order.nextEpoch();
      assertEquals(200, drawn.length);
      rare += Arrays.stream(drawn).filter(each -> classes[each] == 1).count();
    }
    assertEquals(2000, rare, 150, "of 4000 draws");
    int[] again = new BalancedOrder(classes, 5).nextEpoch();
    assertArrayEquals(again, new BalancedOrder(classes, 5).nextEpoch());
  }

  @Test
  void aGuideThatDoesNotFitIsRefused() {
    TrainingSpec spec = Fixtures.sgd(0.1, 0, 8, 1);
    assertRefused("the layout", spec, TrainingGuide.NONE.corrected(new float[3]));
    assertRefused("dense9", spec, TrainingGuide.NONE.of(Set.of("dense9.bias")));
    assertRefused("patience", spec, TrainingGuide.of(inputs, 0, false));
  }

  private void assertRefused(String part, TrainingSpec spec, TrainingGuide guide) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> train(spec, guide)).getMessage();
    assertTrue(message.contains(part), message);
  }
}
