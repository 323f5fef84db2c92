// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.djl.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.fedwerk.api.Digest;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.learn.Layer;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.learn.Predictor;
import org.fedwerk.api.learn.TrainingSpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Networks on a TorchScript file: the documented one, whose features can be computed by hand. */
class BaseTest {
  private static final Path MOMENTS = Path.of("../../docs/examples/base/moments.pt");
  private static final float[] SCALE = {1, 0.5f, 2, 1, -1, 0.25f};
  private static final int[] WINDOW = {6, 8};
  private static final int FEATURES = 12;

  @TempDir private Path folder;
  private Digest file = Digest.of(new byte[0]);
  private DjlEngine engine = Fixtures.ENGINE;

  @BeforeEach
  void theFileLiesInTheFolderUnderItsDigest() throws IOException {
    file = put(Files.readAllBytes(MOMENTS));
    engine = on(folder.toString());
  }

  @AfterEach
  void stop() {
    engine.stop();
  }

  private Digest put(byte[] bytes) throws IOException {
    Digest digest = Digest.of(bytes);
    Files.write(folder.resolve(digest.hex() + ".pt"), bytes);
    return digest;
  }

  private static DjlEngine on(String bases) {
    return new DjlEngine(new EngineSettings("cpu", 1, Fixtures.NAME, "", "", "cpu", bases));
  }

  private static boolean takesTorchScript() {
    return Fixtures.NAME.equals("PyTorch");
  }

  /** A dense layer of two classes on a base. */
  private static Network network(Digest base, int features) {
    Network head = Fixtures.mlp(new int[] {features}, 2);
    List<Layer> layers = new ArrayList<>(head.layers());
    layers.set(0, new Layer.Base(base, features));
    return new Network(layers, head.layout(), WINDOW, 2);
  }

  /** What the file computes, by its own source in docs/examples/base. */
  private static LabelledInputs features(LabelledInputs windows) {
    int steps = WINDOW[1];
    float[] all = new float[windows.count() * FEATURES];
    for (int row = 0; row < windows.count() * WINDOW[0]; row++) {
      float sum = 0;
      float most = Float.NEGATIVE_INFINITY;
      for (int step = 0; step < steps; step++) {
        float value = windows.values()[row * steps + step];
        sum += value;
        most = Math.max(most, value);
      }
      int signal = row % WINDOW[0];
      int from = row / WINDOW[0] * FEATURES;
      all[from + signal] = sum / steps * SCALE[signal];
      all[from + WINDOW[0] + signal] = most;
    }
    return new LabelledInputs(windows.count(), all, windows.classes());
  }

  private static LabelledInputs windows() {
    return Fixtures.clouds(48, WINDOW[0] * WINDOW[1], 2, 0.5, 7);
  }

  private float[] predicted(Network network, float[] vector, LabelledInputs inputs) {
    try (Predictor predictor = engine.predictor(network, vector)) {
      return predictor.predict(inputs.count(), inputs.values());
    }
  }

  @Test
  void aHeadOnABasePredictsAndLearnsAsItDoesOnFeaturesComputedByHand() {
    assumeTrue(takesTorchScript(), "TorchScript runs on PyTorch alone");
    Network onBase = network(file, FEATURES);
    Network byHand = Fixtures.mlp(new int[] {FEATURES}, 2);
    assertEquals(byHand.layout().digest(), onBase.layout().digest());
    float[] start = Fixtures.start(byHand, 3);
    LabelledInputs windows = windows();
    LabelledInputs features = features(windows);
    float[] before = predicted(onBase, start, windows);
    assertArrayEquals(predicted(byHand, start, features), before, 1e-5f);

    TrainingSpec spec = Fixtures.sgd(0.1, 0.9, 16, 5);
    float[] trained = engine.train(onBase, spec, windows, start, 1, (done, total) -> true).vector();
    float[] expected =
        engine.train(byHand, spec, features, start, 1, (done, total) -> true).vector();
    assertArrayEquals(expected, trained, 1e-4f);
    assertTrue(correct(predicted(onBase, trained, windows), windows) >= 46);
    assertArrayEquals(before, predicted(onBase, start, windows), 0, "the base itself is as it was");
  }

  private static int correct(float[] probabilities, LabelledInputs inputs) {
    int right = 0;
    for (int n = 0; n < inputs.count(); n++) {
      int said = probabilities[2 * n + 1] > probabilities[2 * n] ? 1 : 0;
      right += said == inputs.classes()[n] ? 1 : 0;
    }
    return right;
  }

  @Test
  void whatIsNotThereIsSaidBeforeAnythingIsTrained() throws IOException {
    Network there = network(file, FEATURES);
    Optional<String> refusal = engine.refusal(there);
    assertEquals(takesTorchScript(), refusal.isEmpty(), refusal.toString());
    if (!takesTorchScript()) {
      assertTrue(refusal.orElseThrow().contains("learns on MXNet"), refusal.toString());
      return;
    }
    assertRefused(on(""), there, "no folder of bases");
    Digest unknown = Digest.of(new byte[] {1});
    assertRefused(engine, network(unknown, FEATURES), unknown.hex() + ".pt is not in");
    Files.write(folder.resolve(file.hex() + ".pt"), new byte[] {1, 2, 3});
    assertRefused(engine, there, "another SHA-256");
    Files.copy(
        MOMENTS,
        folder.resolve(file.hex() + ".pt"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertEquals(Optional.empty(), engine.refusal(there), "the right file is there again");
  }

  private static void assertRefused(DjlEngine by, Network network, String words) {
    String refusal = by.refusal(network).orElse("");
    assertTrue(refusal.contains(words), refusal);
    assertTrue(!refusal.contains("/"), "a refusal leaves the site, its folders do not: " + refusal);
  }

  @Test
  void aFileThatIsNoModuleOrGivesSomethingElseIsNamed() throws IOException {
    assumeTrue(takesTorchScript(), "TorchScript runs on PyTorch alone");
    assertFails(
        network(put("no module".getBytes(java.nio.charset.StandardCharsets.UTF_8)), 12),
        "cannot be loaded as a TorchScript module");
    assertFails(network(file, 5), "model.base says (48, 5)");
    Network narrow = network(file, FEATURES);
    Network other = new Network(narrow.layers(), narrow.layout(), new int[] {12, 4}, 2);
    assertFails(other, "does not take inputs of (48, 12, 4)");
  }

  private void assertFails(Network network, String words) {
    float[] vector = new float[network.layout().size()];
    IllegalStateException failure =
        assertThrows(
            IllegalStateException.class, () -> predicted(network, vector, windows()), words);
    assertTrue(String.valueOf(failure.getMessage()).contains(words), failure.toString());
    assertTrue(String.valueOf(failure.getMessage()).contains(".pt"), failure.toString());
  }
}
