// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.quality;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.Example;
import org.fedwerk.sim.baseline.SiteExamples;

/**
 * Errors about the true remaining life, which is not capped: the root of the mean square, mean over
 * sites, and the score of the PHM 2008 challenge (Saxena et al. 2008, equation 11), sum over all
 * engines, to which an overestimate is worse than an underestimate.
 */
final class TurbofanLife implements Aside {
  static final String UNCAPPED = "uncapped-rmse";
  static final String SCORE = "nasa-score";

  private static final double EARLY = 13;
  private static final double LATE = 10;

  private final Map<String, Integer> lives = new HashMap<>();

  /** Notes the true life of a test engine. */
  void put(String site, String serial, int life) {
    lives.put(site + "/" + serial, life);
  }

  @Override
  public Map<String, Double> of(List<SiteExamples> sites, List<double[]> predicted) {
    double means = 0;
    double score = 0;
    for (int at = 0; at < sites.size(); at++) {
      List<Example> engines = sites.get(at).of(DataRole.TEST);
      double squares = 0;
      for (int n = 0; n < engines.size(); n++) {
        Integer life = lives.get(sites.get(at).site() + "/" + engines.get(n).serial());
        if (life == null) {
          throw new IllegalStateException("no life is known of " + engines.get(n).serial());
        }
        double error = predicted.get(at)[n] - life;
        squares += error * error;
        score += Math.expm1(error < 0 ? -error / EARLY : error / LATE);
      }
      means += Math.sqrt(squares / engines.size()) / sites.size();
    }
    Map<String, Double> numbers = new LinkedHashMap<>();
    numbers.put(UNCAPPED, means);
    numbers.put(SCORE, score);
    return numbers;
  }
}
