// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.window.internal;

import static org.fedwerk.window.internal.Given.number;
import static org.fedwerk.window.internal.Given.serial;
import static org.fedwerk.window.internal.Given.told;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.fedwerk.api.data.PartData;
import org.fedwerk.api.signal.Sample;

class AssemblyPropertiesTest {
  @Property(tries = 200)
  void anyInterleavingOfSignalsGivesTheSameParts(@ForAll long seed) {
    List<List<Sample>> streams = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (int part = 0; part < 6; part++) {
      streams.get(0).add(serial(10 * part, part == 3 ? "" : "P" + part));
      for (int i = 0; i < 10; i++) {
        streams.get(1).add(number("fast", 10 * part + i, 100 * part + i));
      }
      streams.get(2).add(number("slow", 10 * part + 3, part));
    }
    streams.get(0).add(serial(60, "last"));
    streams.get(1).add(number("fast", 60, 0));
    streams.get(2).add(number("slow", 60, 0));
    List<Sample> mixed = mix(streams, new Random(seed));
    List<String> expected = new ArrayList<>();
    for (int part = 0; part < 6; part++) {
      if (part != 3) {
        expected.add(expected(part));
      }
    }
    Assembly any = new Assembly("serial", patient(), (serial, begin) -> false);
    for (int i = 0; i < mixed.size(); i++) {
      any.accept(i + 1, "press", mixed.subList(i, i + 1), 0, 0);
    }
    List<String> found = new ArrayList<>();
    for (Optional<PartData> ended = any.ended(0, 0); ended.isPresent(); ended = any.ended(0, 0)) {
      found.add(told(ended.get()));
      any.closed();
    }
    assertEquals(expected, found);
  }

  private static WindowSettings patient() {
    return new WindowSettings("", Duration.ofSeconds(600), Duration.ofSeconds(30), 20, 64, 100_000);
  }

  private static List<Sample> mix(List<List<Sample>> streams, Random random) {
    int[] next = new int[streams.size()];
    List<Sample> mixed = new ArrayList<>();
    int left = streams.stream().mapToInt(List::size).sum();
    while (left > 0) {
      int stream = random.nextInt(streams.size());
      if (next[stream] < streams.get(stream).size()) {
        mixed.add(streams.get(stream).get(next[stream]++));
        left--;
      }
    }
    return mixed;
  }

  private static String expected(int part) {
    StringBuilder text = new StringBuilder("P" + part + " [" + part * 10000 + ", ");
    text.append((part + 1) * 10000).append(") fast");
    if (part > 0) {
      text.append(" " + (part * 10000 - 1000) + "=" + (100.0 * (part - 1) + 9));
    }
    for (int i = 0; i < 10; i++) {
      text.append(" " + (part * 10000 + i * 1000) + "=" + (100.0 * part + i));
    }
    text.append(" slow");
    if (part > 0) {
      text.append(" " + (part * 10000 - 7000) + "=" + (double) (part - 1));
    }
    text.append(" " + (part * 10000 + 3000) + "=" + (double) part);
    return text.toString();
  }
}
