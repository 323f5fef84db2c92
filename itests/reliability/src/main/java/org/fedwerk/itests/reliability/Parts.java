// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** All parts, in the order in which they run. A new part is one more entry. */
final class Parts {
  static final List<Part> ALL =
      List.of(
          new SchedulesPart(),
          new KillPart(),
          new TransferPart(),
          new TakeoverPart(),
          new CutPart(),
          new NetPart(),
          new ScalePart(),
          new SoakPart());

  private Parts() {}

  /**
   * The parts that are asked for.
   *
   * @param only names with commas between; empty for all
   * @throws IllegalArgumentException for a name that no part has
   */
  static List<Part> named(String only) {
    if (only.isBlank()) {
      return ALL;
    }
    List<String> wanted = Arrays.stream(only.split(",")).map(String::strip).toList();
    List<String> names = ALL.stream().map(Part::name).toList();
    for (String name : wanted) {
      if (!names.contains(name)) {
        throw new IllegalArgumentException(
            "reliability.only names \"" + name + "\"; the parts are " + names);
      }
    }
    return ALL.stream().filter(part -> wanted.contains(part.name())).collect(Collectors.toList());
  }
}
