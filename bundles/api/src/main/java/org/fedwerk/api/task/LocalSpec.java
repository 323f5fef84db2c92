// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.task;

import java.util.List;

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
 */
public record LocalSpec(
    boolean scaffold,
    List<String> layers,
    int headEpochs,
    double ditto,
    int patience,
    boolean balancedSampling,
    FineTune fineTune,
    int clusters) {
  /** Plain training. */
  public static final LocalSpec NONE =
      new LocalSpec(false, List.of(), 0, 0, 0, false, FineTune.NONE, 1);

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
