// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.fedwerk.api.Digest;
import org.fedwerk.api.model.ModelVersion;
import org.fedwerk.api.task.RoundsSpec;
import org.fedwerk.coordinator.internal.round.Place;

/** Chooses cohorts as a task says. Chance comes from the task's seed, so it can be repeated. */
final class CohortChoice {
  private final RoundsSpec rounds;
  private final long seed;

  CohortChoice(RoundsSpec rounds, long seed) {
    this.rounds = rounds;
    this.seed = seed;
  }

  /**
   * Some of the candidates, ascending.
   *
   * @param fresh per site the new training examples that it offers
   */
  List<String> choose(Place place, List<String> candidates, ToIntFunction<String> fresh) {
    Comparator<String> chance = Comparator.comparing(site -> draw(place, site));
    Comparator<String> order =
        switch (rounds.cohort().choice()) {
          case ALL, RANDOM -> chance;
          case FRESHEST -> Comparator.comparingInt(fresh).reversed().thenComparing(chance);
        };
    int size = rounds.cohort().size(candidates.size(), rounds.cohortLeast());
    return candidates.stream().sorted(order).limit(size).sorted().toList();
  }

  /** A number that only seed, round, attempt and site decide, as digits. */
  private String draw(Place place, String site) {
    byte[] id = site.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES + 2 * Integer.BYTES + id.length);
    bytes.putLong(seed).putInt(place.round()).putInt(place.attempt()).put(id);
    return Digest.of(bytes.array()).hex();
  }

  /**
   * New training examples per site: those it named, less those it trained on for the newest model
   * that it contributed to.
   *
   * @param said training examples by site
   * @param models oldest first
   */
  static Map<String, Integer> fresh(Map<String, Integer> said, List<ModelVersion> models) {
    Map<String, Integer> fresh = new HashMap<>(said);
    Map<String, Integer> used = new HashMap<>();
    for (ModelVersion model : models) {
      for (int i = 0; i < model.contributors().size(); i++) {
        String site = ModelVersion.site(model.contributors().get(i));
        used.put(site, model.weights().get(i).intValue());
      }
    }
    fresh.replaceAll((site, count) -> Math.max(0, count - used.getOrDefault(site, 0)));
    return fresh;
  }
}
