// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.signal;

import java.util.List;

/** Takes samples in. Implemented by the window room, called by signal sources. */
public interface SampleSink {
  /**
   * Takes samples of one source in the order of their delivery. When it returns, they survive a
   * kill of this process, so the caller may acknowledge them. It may block the caller, which is the
   * back-pressure of the chain. Called on the source's thread, one call at a time per source.
   *
   * @throws java.io.UncheckedIOException if they could not be stored; the source must not
   *     acknowledge them
   */
  void accept(String source, List<Sample> samples);

  /**
   * Tells that the connection to a source was lost, so that values may be missing until samples
   * come again.
   */
  void interrupted(String source);
}
