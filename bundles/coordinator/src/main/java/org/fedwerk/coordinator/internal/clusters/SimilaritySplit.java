// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.clusters;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.fedwerk.api.task.LocalSpec;

/**
 * Parts the sites of a model when it has come to rest for all of them together and not for each
 * (Sattler, Mueller and Samek 2020, Clustered Federated Learning).
 */
public final class SimilaritySplit {
  private final LocalSpec.Split rule;
  private final int most;

  /**
   * A rule.
   *
   * @param most models that there can be
   */
  public SimilaritySplit(LocalSpec.Split rule, int most) {
    this.rule = rule;
    this.most = most;
  }

  /**
   * An update of the round.
   *
   * @param site whose it is
   * @param model number of the model that it is of, from 1
   * @param distinct true if no other model in use was equal to that one, so that a site without a
   *     model can have chosen it
   * @param norm Euclidean; 0 of a site that said nothing, which is alike to none
   */
  public record Update(String site, int model, boolean distinct, double norm) {}

  /**
   * What comes of a round.
   *
   * @param members after it
   * @param parents of each model that the round began, in their order, the model that its sites had
   */
  public record Outcome(Members members, List<Integer> parents) {}

  /**
   * Decides.
   *
   * @param before the members that the round began with
   * @param updates in ascending order of sites
   * @param means norm of the mean update of each model, the first model's first
   * @param gram inner products of some of the updates, given by their places among them
   */
  public Outcome after(
      Members before,
      List<Update> updates,
      double[] means,
      Function<List<Integer>, double[][]> gram) {
    TreeMap<String, Integer> found = new TreeMap<>();
    for (Update update : updates) {
      if (update.distinct()) {
        found.put(update.site(), update.model());
      }
    }
    double largest = updates.stream().mapToDouble(Update::norm).max().orElse(0);
    Members members = before.joined(found).scaled(largest);
    List<Integer> parents = new ArrayList<>();
    for (int model = 1; model <= before.models() && members.models() < most; model++) {
      Optional<Members> parted = parted(members, model, updates, means[model - 1], gram);
      if (parted.isPresent()) {
        members = parted.get();
        parents.add(model);
      }
    }
    return new Outcome(members, parents);
  }

  private Optional<Members> parted(
      Members members,
      int model,
      List<Update> updates,
      double mean,
      Function<List<Integer>, double[][]> gram) {
    List<Integer> own = new ArrayList<>();
    double largest = 0;
    for (int k = 0; k < updates.size(); k++) {
      Update update = updates.get(k);
      boolean isOfModel = update.model() == model && members.place(update.site()) == model;
      if (isOfModel && update.norm() > 0) {
        own.add(k);
        largest = Math.max(largest, update.norm());
      }
    }
    boolean isAtRest = mean < rule.mean() * largest;
    if (own.size() < 2 || !isAtRest || largest <= rule.largest() * members.scale()) {
      return Optional.empty();
    }
    Bipartition parts = Bipartition.of(gram.apply(own));
    if (parts.similarity() >= rule.similarity()) {
      return Optional.empty();
    }
    TreeSet<String> stay = new TreeSet<>();
    TreeSet<String> go = new TreeSet<>();
    for (int i = 0; i < own.size(); i++) {
      (parts.second().get(i) ? go : stay).add(updates.get(own.get(i)).site());
    }
    return Optional.of(members.parted(model, stay, go));
  }
}
