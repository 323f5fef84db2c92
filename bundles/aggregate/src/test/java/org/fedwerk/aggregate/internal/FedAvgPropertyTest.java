// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.aggregate.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;

class FedAvgPropertyTest {
  private final FedAvg fedAvg = new FedAvg();

  /** One site's range and its weight. */
  record Update(float[] range, double weight) {}

  @Property
  void orderOfArrivalMakesNoDifferenceOnceUpdatesAreSortedBySite(
      @ForAll("updates") List<Update> updates, @ForAll long shuffle) {
    List<String> arrival = new ArrayList<>();
    for (int k = 0; k < updates.size(); k++) {
      arrival.add("site-" + k);
    }
    double[] first = aggregateBySite(arrival, updates);
    Collections.shuffle(arrival, new Random(shuffle));

    assertArrayEquals(first, aggregateBySite(arrival, updates), 0);
  }

  @Property
  void scalingAllWeightsChangesNothing(
      @ForAll("updates") List<Update> updates,
      @ForAll @DoubleRange(min = 0.01, max = 1e6) double factor) {
    double[] plain = aggregate(updates, 1);
    double[] scaled = aggregate(updates, factor);

    for (int i = 0; i < plain.length; i++) {
      assertEquals(plain[i], scaled[i], tolerance(updates, i));
    }
  }

  @Property
  void everyElementLiesBetweenTheLeastAndTheGreatestOfTheUpdates(
      @ForAll("updates") List<Update> updates) {
    double[] mean = aggregate(updates, 1);

    for (int i = 0; i < mean.length; i++) {
      int element = i;
      double least = updates.stream().mapToDouble(u -> u.range()[element]).min().orElseThrow();
      double most = updates.stream().mapToDouble(u -> u.range()[element]).max().orElseThrow();
      assertTrue(mean[i] >= least - tolerance(updates, i), () -> "below " + least);
      assertTrue(mean[i] <= most + tolerance(updates, i), () -> "above " + most);
    }
  }

  @Property
  void rangesPutTogetherGiveTheSameBitsAsTheWholeVector(
      @ForAll("updates") List<Update> updates, @ForAll @DoubleRange(min = 0, max = 1) double at) {
    int length = updates.get(0).range().length;
    int cut = (int) (at * length);
    double[] whole = aggregate(updates, 1);

    double[] head = aggregate(sliced(updates, 0, cut), 1);
    double[] tail = aggregate(sliced(updates, cut, length), 1);

    assertArrayEquals(Arrays.copyOfRange(whole, 0, cut), head, 0);
    assertArrayEquals(Arrays.copyOfRange(whole, cut, length), tail, 0);
  }

  private double[] aggregateBySite(List<String> arrival, List<Update> updates) {
    Map<String, Update> sorted = new TreeMap<>();
    for (String site : arrival) {
      sorted.put(site, updates.get(Integer.parseInt(site.substring("site-".length()))));
    }
    return aggregate(List.copyOf(sorted.values()), 1);
  }

  private double[] aggregate(List<Update> updates, double factor) {
    return fedAvg.aggregate(
        updates.stream().map(Update::range).toList(),
        updates.stream().mapToDouble(u -> u.weight() * factor).toArray());
  }

  private static List<Update> sliced(List<Update> updates, int from, int to) {
    return updates.stream()
        .map(u -> new Update(Arrays.copyOfRange(u.range(), from, to), u.weight()))
        .toList();
  }

  /** A few units in the last place of float64 at the size of the greatest value. */
  private static double tolerance(List<Update> updates, int element) {
    double size = updates.stream().mapToDouble(u -> Math.abs(u.range()[element])).max().orElse(0);
    return 16 * updates.size() * Math.ulp(size);
  }

  @Provide
  Arbitrary<List<Update>> updates() {
    return Arbitraries.integers()
        .between(1, 24)
        .flatMap(
            length ->
                Combinators.combine(
                        Arbitraries.floats().array(float[].class).ofSize(length),
                        Arbitraries.doubles().between(1, 1e6))
                    .as(Update::new)
                    .list()
                    .ofMinSize(1)
                    .ofMaxSize(8));
  }
}
