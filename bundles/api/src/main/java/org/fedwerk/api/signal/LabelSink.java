// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.signal;

/** Takes labels in. Implemented by the window room, called by signal sources. */
public interface LabelSink {
  /**
   * Takes one label; when it returns, the label survives a kill of this process. A label equal to
   * the newest revision is no new revision.
   *
   * @throws java.io.UncheckedIOException if it could not be stored; the source must not acknowledge
   *     it
   */
  void accept(LabelReport label);

  /** Counts a code that the site's mapping does not know; such a label is never trained on. */
  void unmapped(String source, String label, String serial);
}
