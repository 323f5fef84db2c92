// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.task;

import java.util.List;
import java.util.Optional;

/**
 * What a site does beside plain training of the model that it was sent.
 *
 * @param scaffold true for control variates (Karimireddy et al. 2020, SCAFFOLD, option II)
 * @param layers names of layers that never leave the site (Arivazhagan et al. 2019, FedPer)
 * @param headEpochs epochs that train these layers alone before the others (Collins et al. 2021,
 *     FedRep); 0 to train all together
 * @param ditto lambda of a personal model that is pulled to the global one (Li et al. 2021, Ditto),
 *     from 0; 0 for none
 * @param patience epochs without a lower loss of the validation examples after which a training
 *     ends with the best epoch's parameters; 0 for all epochs
 * @param balancedSampling true if every class is drawn as often as any other
 * @param fineTune what is done with each accepted model before the site deploys it
 * @param clusters how many models are learned side by side, each by the sites that it fits best
 *     (Ghosh et al. 2020, IFCA), from 2; 1 for one model of all sites
 * @param split how the coordinator parts the sites of a model (Sattler, Mueller and Samek 2020,
 *     CFL), so that at most that many models come to be; empty if each site finds its own
 */
public record LocalSpec(
    boolean scaffold,
    List<String> layers,
    int headEpochs,
    double ditto,
    int patience,
    boolean balancedSampling,
    FineTune fineTune,
    int clusters,
    Optional<Split> split) {
  /** Plain training. */
  public static final LocalSpec NONE =
      new LocalSpec(false, List.of(), 0, 0, 0, false, FineTune.NONE, 1);

  /**
   * When sites that share a model are parted: their mean update is small, as at a model that is the
   * best for all, and yet some site's is not, as that model is not its best. Both are told as parts
   * of norms of the task itself, since how large an update is follows from its learning rate, steps
   * and network.
   *
   * @param mean the mean update's norm is below this part of the largest site's
   * @param largest the largest site's norm is above this part of the largest in the task's first
   *     round
   * @param similarity cosine that two sites of different parts stay below
   */
  public record Split(double mean, double largest, double similarity) {}

  /** Each site finds its own cluster. */
  public LocalSpec(
      boolean scaffold,
      List<String> layers,
      int headEpochs,
      double ditto,
      int patience,
      boolean balancedSampling,
      FineTune fineTune,
      int clusters) {
    this(
        scaffold,
        layers,
        headEpochs,
        ditto,
        patience,
        balancedSampling,
        fineTune,
        clusters,
        Optional.empty());
  }

  /**
   * Fine-tuning on the site's training examples; the epoch with the lowest loss of its validation
   * examples is deployed, which may be none of them.
   *
   * @param layers how many layers from the last are trained; 0 for no fine-tuning
   * @param epochs passes over the examples, at least 1
   * @param rate learning rate, above 0
   */
  public record FineTune(int layers, int epochs, double rate) {
    /** The global model is deployed as it is. */
    public static final FineTune NONE = new FineTune(0, 0, 0);

    /** True if there is any. */
    public boolean isOn() {
      return layers > 0;
    }
  }

  public LocalSpec {
    layers = List.copyOf(layers);
  }

  /** True if a site keeps a personal model. */
  public boolean isDitto() {
    return ditto > 0;
  }

  /** True if sites learn more than one model. */
  public boolean isClustered() {
    return clusters > 1;
  }

  /** True if what a site runs is not the global model alone. */
  public boolean isPersonal() {
    return isDitto() || !layers.isEmpty();
  }
}
