// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.djl.internal;

import java.nio.file.Files;
import java.nio.file.Path;
import org.fedwerk.api.Digest;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.learn.TrainedVector;
import org.fedwerk.api.message.Float32;

/** A process that trains one network and writes the digest of its parameters to a file. */
final class TrainOnce {
  private TrainOnce() {}

  public static void main(String[] arguments) throws Exception {
    Files.writeString(Path.of(arguments[0]), digest());
  }

  static String digest() {
    Network network = Fixtures.mlp(new int[] {17, 60}, 64, 32, 4);
    LabelledInputs inputs = Fixtures.clouds(150, 1020, 4, 2, 9);
    TrainedVector trained =
        Fixtures.ENGINE.train(
            network,
            Fixtures.sgd(0.02, 0.9, 32, 3),
            inputs,
            Fixtures.start(network, 1),
            77,
            (done, total) -> true);
    return Digest.of(Float32.encode(trained.vector(), 0, trained.vector().length)).hex();
  }
}
