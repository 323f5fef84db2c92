// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.quality;

import java.io.IOException;

/** The same training written for an engine's own front end. One thread calls. */
interface Reference extends AutoCloseable {
  /** Of its network. */
  int parameters();

  /** Mean over all examples at the first parameters. */
  double startLoss();

  /**
   * Trains from the first parameters.
   *
   * @throws IOException if it ended in the midst of it
   */
  Duration train(int epochs) throws IOException;

  /**
   * How long a training took.
   *
   * @param seconds by the clock
   * @param processorSeconds that the whole process was computing
   */
  record Duration(double seconds, double processorSeconds) {}

  @Override
  void close() throws IOException;
}
