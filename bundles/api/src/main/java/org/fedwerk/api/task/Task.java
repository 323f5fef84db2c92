// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.task;

import java.time.Duration;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.learn.TrainingSpec;
import org.jspecify.annotations.Nullable;

/**
 * One learning job. Its words are explained in docs/running.md.
 *
 * @param name short name: lower case letters, digits, dashes
 * @param owner who answers for it
 * @param purpose what the model is for, in words for the sites' owners
 * @param schema what sites agree on
 * @param model architecture
 * @param training local training
 * @param normalisation {@link #SITE}: fitted and kept per site; {@link #FEDERATED}: by the
 *     statistics of all sites, which are merged before the first round of training and never change
 * @param strategy how updates become the next model
 * @param rounds when rounds start and end
 * @param privacy {@code none}: updates are disclosed individually to the coordinator
 * @param leastCount least number of examples behind any metric that leaves a site
 * @param retention how long a site may keep what it derived for this task after its end
 * @param seed of initialisation and of every site's shuffling
 * @param promotion what makes a version the one that sites deploy
 * @param local what sites do beside plain training
 * @param compression how updates are made smaller
 * @param costs what mistakes cost; null if the task does not say
 * @param threshold what an alarm is in anomaly detection; null for other tasks
 * @param drift how sites watch for drift; null if they do not
 * @param contribution what is found of each site's part in the model; null if nothing is
 */
public record Task(
    String name,
    String owner,
    String purpose,
    Schema schema,
    ModelSpec model,
    TrainingSpec training,
    String normalisation,
    StrategySpec strategy,
    RoundsSpec rounds,
    String privacy,
    int leastCount,
    Duration retention,
    long seed,
    PromotionSpec promotion,
    LocalSpec local,
    CompressionSpec compression,
    @Nullable Costs costs,
    @Nullable ThresholdSpec threshold,
    @Nullable DriftSpec drift,
    @Nullable ContributionSpec contribution) {
  /** Each site standardises by its own statistics. */
  public static final String SITE = "site";

  /** All sites standardise by the federation's statistics. */
  public static final String FEDERATED = "federated";

  /** True if all sites standardise by the federation's statistics. */
  public boolean standardisesTogether() {
    return normalisation.equals(FEDERATED);
  }
}
