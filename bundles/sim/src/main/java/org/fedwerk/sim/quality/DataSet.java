// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.quality;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.fedwerk.api.data.Schema;
import org.fedwerk.sim.baseline.SiteExamples;

/** Turns a folder of public data into the examples of several sites. */
interface DataSet {
  /** Name of the folder. */
  String folder();

  /**
   * The sites in a fixed order, with a split that is the same in every run.
   *
   * @param schema of the task, whose signals and label say which columns are read
   * @param full true to leave nothing out
   */
  List<SiteExamples> sites(Path folder, Schema schema, boolean full) throws IOException;

  /** What is told beside the metric. */
  default Aside aside() {
    return Aside.NOTHING;
  }

  /** How the data are split, and what is left out unless in full; for the report. */
  String split();
}
