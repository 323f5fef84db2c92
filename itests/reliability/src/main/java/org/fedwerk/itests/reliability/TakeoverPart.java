// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.fedwerk.itests.figures.Figures;
import org.fedwerk.itests.reliability.kill.Takeover;

/** A standby takes over from a coordinator that is killed in the middle of a round. */
final class TakeoverPart implements Part {
  private static final Duration LEASE = Duration.ofSeconds(5);
  private static final int RUNS = 3;

  @Override
  public String name() {
    return "takeover";
  }

  @Override
  public List<String> figures() {
    return List.of("takeover.seconds", "takeover.mismatches");
  }

  @Override
  public void measure(Figures figures, Path folder) throws Exception {
    Takeover takeover = new Takeover(folder);
    List<String> undisturbed = takeover.undisturbed();
    double longest = 0;
    int mismatches = 0;
    for (int i = 0; i < RUNS; i++) {
      Takeover.Result result = takeover.run(LEASE);
      System.out.printf(java.util.Locale.ROOT, "takeover after %.2f s%n", result.seconds());
      longest = Math.max(longest, result.seconds());
      if (!result.facts().equals(undisturbed)) {
        mismatches++;
        System.out.println("came to " + result.facts() + " in place of " + undisturbed);
      }
    }
    figures.print("takeover.seconds", longest, "s");
    figures.print("takeover.mismatches", mismatches, "takeovers");
  }
}
