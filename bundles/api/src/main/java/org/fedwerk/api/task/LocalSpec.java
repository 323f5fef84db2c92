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
 */
public record LocalSpec(
    boolean scaffold,
    List<String> layers,
    int headEpochs,
    double ditto,
    int patience,
    boolean balancedSampling) {
  /** Plain training. */
  public static final LocalSpec NONE = new LocalSpec(false, List.of(), 0, 0, 0, false);

  public LocalSpec {
    layers = List.copyOf(layers);
  }

  /** True if a site keeps a personal model. */
  public boolean isDitto() {
    return ditto > 0;
  }

  /** True if what a site runs is not the global model alone. */
  public boolean isPersonal() {
    return isDitto() || !layers.isEmpty();
  }
}
