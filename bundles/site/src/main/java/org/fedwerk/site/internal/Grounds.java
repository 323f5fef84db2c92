// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.util.List;
import java.util.Optional;

/**
 * What advice on a task stands on.
 *
 * @param differences fields in which the site's signals and label differ from the schema, in words
 * @param parts newest parts that were looked at
 * @param windows those that gave a window
 * @param mostOften the most frequent reason why one gave none; empty if there is none
 * @param train training examples
 * @param trainLeast how many the task wants of a site
 * @param validation validation examples
 * @param validationLeast how many it takes until the site's evaluation leaves it
 * @param alike true if the training labels say the same of every part, so that nothing can be
 *     learned from them here
 * @param blocked what keeps training or prediction from working here, in words
 * @param policy why the owner's policy keeps the site from rounds of the task; empty if it does not
 * @param apart how the site's values are unlike the federation's; empty if they are not, or that is
 *     not known
 * @param worth what the model that is here is worth; empty if there is none, or nothing to try it
 *     on
 */
record Grounds(
    List<String> differences,
    int parts,
    int windows,
    String mostOften,
    int train,
    int trainLeast,
    int validation,
    int validationLeast,
    boolean alike,
    List<String> blocked,
    Optional<String> policy,
    Optional<String> apart,
    Optional<Worth> worth) {
  Grounds {
    differences = List.copyOf(differences);
    blocked = List.copyOf(blocked);
  }
}
