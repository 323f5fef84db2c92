// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.clusters;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.fedwerk.api.Digest;
import org.fedwerk.api.message.Chunk;
import org.fedwerk.api.message.Clusters;
import org.fedwerk.api.message.Disclosure;
import org.fedwerk.api.message.Section;
import org.fedwerk.coordinator.internal.bytes.StateReader;
import org.fedwerk.coordinator.internal.bytes.StateWriter;

/**
 * Whose model is whose in a version, kept with it as a server optimizer's state is: a fold that is
 * done again starts from the same.
 *
 * @param models how many are in use, from 1
 * @param scale largest norm of an update in the task's first round; 0 before it
 * @param places of the sites that have a model its number, from 1
 */
public record Members(int models, double scale, Map<String, Integer> places) {
  /** Name of the section that it is kept in. */
  static final String SECTION = "clusters.members";

  private static final int TYPE = 1;

  /** Before the first round: one model. */
  static final Members FIRST = new Members(1, 0, Map.of());

  public Members {
    places = Collections.unmodifiableMap(new TreeMap<>(places));
  }

  /**
   * Those of a version.
   *
   * @param kept what is kept with it
   * @param most models that there can be; as many are taken to be in use by a version that was made
   *     elsewhere, since nothing is known of it
   */
  public static Members of(
      int version, List<Section> kept, int most, Function<Digest, byte[]> blobs) {
    Optional<Members> known =
        kept.stream()
            .filter(section -> section.name().equals(SECTION))
            .findFirst()
            .map(section -> decode(blobs.apply(section.chunks().get(0).digest())));
    return known.orElseGet(() -> version == 0 ? FIRST : new Members(most, 0, Map.of()));
  }

  private static Members decode(byte[] bytes) {
    StateReader in = new StateReader("members of clusters", bytes);
    return new Members(in.integer(), in.real(), in.map(StateReader::integer));
  }

  /**
   * As it is kept.
   *
   * @param put keeps bytes
   */
  public Section section(Function<byte[], Digest> put) {
    byte[] bytes =
        new StateWriter(TYPE)
            .number(models)
            .real(scale)
            .map(places, (out, place) -> out.number(place))
            .record();
    Chunk all = new Chunk(0, 1, bytes.length, put.apply(bytes));
    return new Section(SECTION, "members", Disclosure.NEVER, List.of(all));
  }

  /** As a plan tells it to its cohort. */
  public Clusters told(List<String> cohort) {
    return new Clusters(models, cohort.stream().map(this::place).toList());
  }

  /** A site's model, from 1; 0 if it has none yet. */
  public int place(String site) {
    return models == 1 ? 1 : places.getOrDefault(site, 0);
  }

  /** With sites that found a model by themselves, where they may. */
  Members joined(Map<String, Integer> found) {
    Map<String, Integer> all = new TreeMap<>(places);
    found.forEach(
        (site, model) -> {
          if (model <= models) {
            all.putIfAbsent(site, model);
          }
        });
    return new Members(models, scale, all);
  }

  /** With what the norms of a first round are held against. */
  Members scaled(double largest) {
    return scale > 0 ? this : new Members(models, largest, places);
  }

  /**
   * With one more model. Of the sites that have the parted one, those that took no part have none
   * until they find one.
   *
   * @param parted number of the model whose sites are parted
   * @param stay those that keep it
   * @param go those that get the new one
   */
  Members parted(int parted, Set<String> stay, Set<String> go) {
    Map<String, Integer> all = new TreeMap<>(places);
    all.values().removeIf(model -> model == parted);
    stay.forEach(site -> all.put(site, parted));
    go.forEach(site -> all.put(site, models + 1));
    return new Members(models + 1, scale, all);
  }
}
