// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.plant.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Where recorded data lies and what its columns mean.
 *
 * @param name name of the data set
 * @param cycle column that names the part, in data and labels
 * @param time column with the seconds since the part's begin; empty if every row is one step
 * @param step distance of two samples
 * @param label the quality label
 * @param role column of the labels that says train, validation or test; empty if there is none
 * @param delimiter what separates fields
 * @param signals measured columns
 * @param sites one recording per plant
 */
public record ReplayManifest(
    String name,
    String cycle,
    Optional<String> time,
    Duration step,
    LabelColumn label,
    Optional<String> role,
    char delimiter,
    List<SignalColumn> signals,
    List<Site> sites) {
  /** File name under which a data folder may bring its own manifest. */
  public static final String FILE = "fedwerk-data.yaml";

  public ReplayManifest {
    signals = List.copyOf(signals);
    sites = List.copyOf(sites);
  }

  /** The site of that name. */
  public Optional<Site> site(String wanted) {
    return sites.stream().filter(site -> site.name().equals(wanted)).findFirst();
  }

  /**
   * A column of the data.
   *
   * @param column its heading
   * @param signal what it measures
   */
  public record SignalColumn(String column, ProcessSignal signal) {}

  /**
   * The label's column.
   *
   * @param name the label's name
   * @param column its heading in the labels files
   * @param codes the codes that may stand there; none where numbers do
   * @param unit of such a number
   */
  public record LabelColumn(String name, String column, List<String> codes, Optional<String> unit) {
    public LabelColumn {
      codes = List.copyOf(codes);
      if (codes.isEmpty() == unit.isEmpty()) {
        throw new IllegalArgumentException("a label has codes, or it is a number with a unit");
      }
    }
  }

  /**
   * One plant's recording.
   *
   * @param name the site's name
   * @param data files with the samples, in the order of time; names that end in .gz are compressed
   * @param labels file with one row per part
   */
  public record Site(String name, List<Path> data, Path labels) {
    public Site {
      data = List.copyOf(data);
    }
  }
}
