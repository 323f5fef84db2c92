// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability;

import java.nio.file.Path;
import java.util.List;
import org.fedwerk.itests.figures.Figures;

/** One part of the profile: something is done to a federation, and figures say what came of it. */
public interface Part {
  /** The name for {@code -Dreliability.only}. */
  String name();

  /** Names of the figures that it must print, or say why they are absent. */
  List<String> figures();

  /**
   * Measures and prints.
   *
   * @param folder its own, empty
   */
  void measure(Figures figures, Path folder) throws Exception;
}
