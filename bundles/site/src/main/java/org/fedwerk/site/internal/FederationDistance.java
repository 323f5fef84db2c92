// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.data.ValuePools;
import org.fedwerk.api.learn.Moments;
import org.fedwerk.api.site.Assessment.Finding;
import org.fedwerk.api.site.Assessment.Verdict;

/**
 * How far the values of a site are from those of the federation, input by input: the difference of
 * the means in deviations of the federation, and the ratio of the deviations. Pure.
 */
final class FederationDistance {
  /** From here on a unit or a calibration is the likelier reason than the process. */
  static final double FAR = 3;

  /** The larger deviation over the smaller from which on it is worth a look. */
  static final double ODD_RATIO = 10;

  private static final String DISTANCE = "distance to the federation's statistics";
  private static final String SPREAD = "spread against the federation's";

  private final List<Apart> inputs;

  /**
   * One input.
   *
   * @param name for people
   * @param here the site's training values
   * @param there those of the federation
   */
  private record Apart(String name, Moments here, Moments there) {
    /** |mean here - mean there| / deviation there; of a constant 0 or infinite. */
    double deviations() {
      double apart = Math.abs(here.mean() - there.mean());
      return apart == 0 ? 0 : apart / there.deviation();
    }

    /** Deviation here / deviation there; of two constants 1. */
    double ratio() {
      return here.variance() == there.variance() ? 1 : here.deviation() / there.deviation();
    }

    /** The larger deviation over the smaller. */
    double factor() {
      return Math.max(ratio(), 1 / ratio());
    }

    String means() {
      return String.format(
          Locale.ROOT,
          "%s: mean %.4g here, %.4g in the federation",
          name,
          here.mean(),
          there.mean());
    }

    String deviationsOfBoth() {
      return String.format(
          Locale.ROOT,
          "%s: deviation %.4g here, %.4g in the federation",
          name,
          here.deviation(),
          there.deviation());
    }
  }

  private FederationDistance(List<Apart> inputs) {
    this.inputs = inputs;
  }

  /**
   * Compares what both have values of.
   *
   * @param here of the site's training examples, one for each pool of {@link ValuePools}
   * @param there of the federation, as many
   */
  static FederationDistance of(Schema schema, List<Moments> here, List<Moments> there) {
    ValuePools pools = new ValuePools(schema);
    List<Apart> inputs = new ArrayList<>();
    for (int pool = 0; pool < pools.count(); pool++) {
      if (here.get(pool).count() > 0 && there.get(pool).count() > 0) {
        inputs.add(new Apart(pools.name(pool), here.get(pool), there.get(pool)));
      }
    }
    return new FederationDistance(inputs);
  }

  private Optional<Apart> farthest() {
    return inputs.stream().max(Comparator.comparingDouble(Apart::deviations));
  }

  /** The largest difference and the oddest ratio, each with its input. */
  List<Finding> rows() {
    if (inputs.isEmpty()) {
      return List.of(
          Finding.said(
              DISTANCE, "no input has training values here and there", "", Verdict.UNKNOWN));
    }
    Apart farthest = farthest().orElseThrow();
    Apart oddest = inputs.stream().max(Comparator.comparingDouble(Apart::factor)).orElseThrow();
    return List.of(
        new Finding(
            DISTANCE,
            farthest.deviations(),
            "deviations",
            "the largest of " + inputs.size() + " inputs, " + farthest.means(),
            "at most " + Finding.text(FAR),
            farthest.deviations() > FAR ? Verdict.SHORT : Verdict.MET),
        new Finding(
            SPREAD,
            oddest.ratio(),
            "",
            "the oddest of " + inputs.size() + " inputs, " + oddest.deviationsOfBoth(),
            Finding.text(1 / ODD_RATIO) + " to " + Finding.text(ODD_RATIO),
            oddest.factor() > ODD_RATIO ? Verdict.NOTICE : Verdict.MET));
  }

  /** Why the site had better not contribute yet; empty if it is near enough. */
  Optional<String> reason() {
    return farthest()
        .filter(each -> each.deviations() > FAR)
        .map(
            each ->
                each.means()
                    + ", "
                    + Finding.text(each.deviations())
                    + " of its deviations apart; look at unit and calibration first");
  }
}
