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
   * @return how long it took
   * @throws IOException if it ended in the midst of it
   */
  double seconds(int epochs) throws IOException;

  @Override
  void close() throws IOException;
}
