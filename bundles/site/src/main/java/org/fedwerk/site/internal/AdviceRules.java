// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.fedwerk.api.site.Assessment.Advice;

/** What a site had best do, as the room's README says. Pure. */
final class AdviceRules {
  private AdviceRules() {}

  /** Advice with its reasons. */
  record Advised(Advice advice, List<String> reasons) {
    Advised {
      reasons = List.copyOf(reasons);
    }
  }

  /** What follows from what was found. */
  static Advised of(Grounds grounds) {
    List<String> obstacles = obstacles(grounds);
    List<String> gaps = gaps(grounds);
    if (!obstacles.isEmpty()) {
      obstacles.addAll(gaps);
      return new Advised(Advice.NOT_YET, obstacles);
    }
    if (gaps.isEmpty()) {
      return new Advised(Advice.FEDERATED, List.of(enough(grounds)));
    }
    Optional<Worth> worth = grounds.worth();
    if (worth.isPresent() && worth.get().passes() && grounds.train() > 0) {
      gaps.add(model(worth.get()) + ", which is enough to use it here");
      return new Advised(Advice.FINE_TUNE, gaps);
    }
    gaps.add(
        worth
            .map(each -> model(each) + ", needed is " + each.needed())
            .orElse("there is no global model here yet that could be used in the meantime"));
    return new Advised(Advice.NOT_YET, gaps);
  }

  /** What keeps a site from the task whatever model there is. */
  private static List<String> obstacles(Grounds grounds) {
    List<String> obstacles = new ArrayList<>(grounds.differences());
    if (2L * grounds.windows() < grounds.parts()) {
      obstacles.add(
          "only "
              + grounds.windows()
              + " of the newest "
              + grounds.parts()
              + " parts gave a window"
              + (grounds.mostOften().isEmpty() ? "" : "; most often " + grounds.mostOften()));
    }
    if (grounds.validation() < grounds.validationLeast()) {
      obstacles.add(
          grounds.validation()
              + " validation examples, "
              + grounds.validationLeast()
              + " are needed to tell what a model is worth here");
    }
    obstacles.addAll(grounds.blocked());
    return obstacles;
  }

  /** What keeps a site from contributing, but not from using what others learned. */
  private static List<String> gaps(Grounds grounds) {
    List<String> gaps = new ArrayList<>();
    if (grounds.train() < grounds.trainLeast()) {
      gaps.add(
          grounds.train()
              + " training examples, rounds.examples-least wants "
              + grounds.trainLeast());
    }
    if (grounds.alike()) {
      gaps.add("the training labels say the same of every part, so there is nothing to tell apart");
    }
    grounds.policy().ifPresent(gaps::add);
    grounds.apart().ifPresent(gaps::add);
    return gaps;
  }

  private static String enough(Grounds grounds) {
    return grounds.train()
        + " training examples of at least "
        + grounds.trainLeast()
        + ", "
        + grounds.validation()
        + " validation examples of at least "
        + grounds.validationLeast()
        + ", and the engine keeps up";
  }

  private static String model(Worth worth) {
    return String.format(
        Locale.ROOT,
        "model version %d reaches %s %.4g on %d validation examples",
        worth.version(),
        worth.metric(),
        worth.value(),
        worth.examples());
  }
}
