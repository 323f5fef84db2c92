// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.task.internal;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.fedwerk.api.task.ContributionSpec;
import org.fedwerk.api.task.ContributionSpec.Kind;
import org.fedwerk.api.task.LocalSpec;
import org.jspecify.annotations.Nullable;

/** What is found of each site's part in the model; a group that may be left out. */
final class ContributionSection {
  static final String KEY = "contribution";

  private static final String OF = "of";
  private static final String PERMUTATIONS = "permutations";
  private static final List<String> WORDS = Arrays.stream(Kind.values()).map(Kind::word).toList();
  private static final int DRAWN = 10;
  private static final int DRAWN_MOST = 100;

  private ContributionSection() {}

  static @Nullable ContributionSpec read(Mapping task, LocalSpec local) {
    Optional<Value> given = task.optional(KEY);
    if (given.isEmpty()) {
      return null;
    }
    Mapping group = given.get().mapping(List.of(OF, PERMUTATIONS));
    String what = "a list of " + String.join(", ", WORDS);
    Set<Kind> kinds = group.required(OF, what).map(ContributionSection::kinds).orElse(Set.of());
    Optional<Value> drawn = group.optional(PERMUTATIONS);
    if (drawn.isPresent() && group.sound(OF) && !kinds.contains(Kind.SHAPLEY)) {
      group.refuse(PERMUTATIONS, "is for shapley; leave it out, or add shapley to of");
    }
    if (local.isDitto()) {
      task.refuse(
          KEY,
          "does not go with local.ditto: sites judge their personal models, whatever the global one"
              + " is");
    }
    if (local.split().isPresent()) {
      task.refuse(
          KEY,
          "does not go with local.split: fewer sites would be parted in another way than all are");
    }
    return new ContributionSpec(
        kinds, drawn.map(value -> (int) value.whole(1, DRAWN_MOST)).orElse(DRAWN));
  }

  private static Set<Kind> kinds(Value given) {
    Set<Kind> kinds = EnumSet.noneOf(Kind.class);
    for (Value item : given.items(1, WORDS.size(), "figures")) {
      Kind kind = Kind.values()[WORDS.indexOf(item.choice(WORDS))];
      if (!kinds.add(kind)) {
        item.refuse(kind.word() + " stands twice; keep one");
      }
    }
    return kinds;
  }
}
