// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.prototype;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.fedwerk.api.RefusedException;

/**
 * Trains what a federation is compared with, and the federation itself, on the recordings of
 * several sites in one process: each site alone, at home and abroad, and all data pooled. Every
 * column tries the same configurations, chosen on validation examples; only what was chosen reads
 * test examples.
 */
public interface Prototyping {
  /** Columns in the order of the table. */
  List<String> COLUMNS = List.of("local-home", "local-abroad", "pooled", "federated");

  /** Most seeds of one run. */
  int MOST_SEEDS = 10;

  /**
   * What to try.
   *
   * @param task file of the task document
   * @param data folder of the recordings
   * @param manifest what describes them, if the folder has no manifest of its own
   * @param configurations YAML list of changes of the task that every column tries; empty for the
   *     task's rate, a third and three times of it, each with its epochs and twice as many
   * @param seeds with how many seeds, from the task's on, what was chosen is run, 1 to {@value
   *     #MOST_SEEDS}
   */
  record Request(
      Path task, Path data, Optional<Path> manifest, Optional<Path> configurations, int seeds) {}

  /**
   * Examples of a site.
   *
   * @param train those that are learned from
   */
  record SiteCounts(String site, int train, int validation, int test) {}

  /**
   * What one way to learn came to, in the task's metric, mean over sites; of {@code local-abroad}
   * over ordered pairs of different sites. NaN where there is no such value.
   *
   * @param name one of {@link #COLUMNS}
   * @param tries configurations that were tried
   * @param configuration the one that was chosen, from 1
   * @param changes what it changes of the task
   * @param validation its value on validation examples with the first seed
   * @param test mean over seeds on test examples
   * @param spread largest less smallest over seeds
   */
  record Column(
      String name,
      int tries,
      int configuration,
      Map<String, String> changes,
      double validation,
      double test,
      double spread) {}

  /**
   * A table.
   *
   * @param task name of the task
   * @param metric the task's main metric
   */
  record Result(
      String task, String metric, List<SiteCounts> sites, int seeds, List<Column> columns) {
    public Result {
      sites = List.copyOf(sites);
      columns = List.copyOf(columns);
    }
  }

  /**
   * Runs everything and waits for it. The work is done on a thread of its own; when the caller is
   * interrupted it ends within one step of training, and what it wrote is removed.
   *
   * @param progress hears a line for every try, on the working thread
   * @throws RefusedException if task, manifest, recordings or configurations do not do, with file
   *     and line, or another run goes on
   */
  Result run(Request request, Consumer<String> progress)
      throws RefusedException, InterruptedException;
}
