// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.data.Tensor;
import org.fedwerk.learn.internal.NamedDriftDetection;
import org.fedwerk.sim.baseline.SiteExamples;
import org.junit.jupiter.api.Test;

class SiteDriftTest {
  /** Two signals of two steps; the second stands higher by a shift, in test parts by another. */
  private static SiteExamples site(String name, long seed, double shift, double inTest) {
    Random random = new Random(seed);
    List<Example> examples = new ArrayList<>();
    for (int n = 0; n < 1200; n++) {
      DataRole role = n % 3 == 0 ? DataRole.TEST : DataRole.TRAIN;
      float second = (float) (random.nextGaussian() + shift + (role == DataRole.TEST ? inTest : 0));
      float[] values = {(float) random.nextGaussian(), 0, second, Float.NaN};
      Tensor window = new Tensor(new int[] {2, 2}, values);
      examples.add(new Example(name + n, Map.of(Example.WINDOW, window), 0, 1, role));
    }
    return new SiteExamples(name, examples);
  }

  @Test
  void sitesThatAreAlikeAreNearAndOneThatIsShiftedIsFar() {
    double[][] between =
        new SiteDrift(new NamedDriftDetection())
            .between(List.of(site("a", 1, 0, 0), site("b", 2, 0, 0), site("c", 3, 1.5, 0)));
    assertTrue(between[0][1] < 0.1 && between[1][0] < 0.1, "alike");
    assertTrue(between[0][2] > 1 && between[2][1] > 1, "unlike in one signal");
    assertTrue(between[2][2] < 0.1, "a site's test parts are like those that it trained on");
  }

  @Test
  void theDiagonalTellsThatASitesOwnTestPartsAreUnlike() {
    double[][] between =
        new SiteDrift(new NamedDriftDetection())
            .between(List.of(site("a", 1, 0, 1.5), site("b", 2, 0, 0)));
    assertTrue(between[0][0] > 1, "they stand higher");
    assertTrue(between[0][1] < 0.1, "the parts that both trained on are alike");
    assertEquals(2, between.length);
  }
}
