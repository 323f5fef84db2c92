// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.quality;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.task.Task;
import org.fedwerk.sim.baseline.Course;
import org.fedwerk.sim.baseline.Federation;
import org.fedwerk.sim.baseline.Score;
import org.fedwerk.sim.baseline.SiteExamples;
import org.fedwerk.task.internal.YamlTaskReader;

/**
 * What coding saves. The task as it is sends float32; each method of the plan is that task with
 * other keys. All are tried in the same configurations with seed 0, the one that validation likes
 * best is run with each seed, and only then are test parts read. Bytes are counted until validation
 * stays at {@value #NEAR} of what the float32 run of the same seed ended with.
 */
final class CompressBench {
  /** The figures' set. */
  static final String SET = "compress";

  /** The method without coding. */
  static final String FLOAT32 = "fp32";

  /** How near a run must come to the end of the float32 run. */
  static final double NEAR = 0.99;

  private final Plan plan;
  private final Score score;
  private final List<SiteExamples> sites;
  private final Federation federation;

  CompressBench(Plan plan, List<SiteExamples> sites, Federation federation) {
    this.plan = plan;
    this.score = new Score(plan.metric(), plan.union());
    this.sites = sites;
    this.federation = federation;
  }

  /** The configuration that validation likes best, from 0. */
  private record Choice(int configuration, double validation) {}

  /** All methods, float32 first. */
  List<CompressedRun> run() throws IOException, RefusedException, InterruptedException {
    List<CompressedRun> runs = new ArrayList<>();
    Map<String, Map<String, Object>> methods = new LinkedHashMap<>();
    methods.put(FLOAT32, Map.of());
    plan.methods().forEach(methods::putIfAbsent);
    methods.remove(Plan.PLAIN);
    List<Course> courses = new ArrayList<>();
    for (Map.Entry<String, Map<String, Object>> method : methods.entrySet()) {
      Choice chosen = choose(method.getKey(), method.getValue());
      for (int seed = 0; seed < plan.seeds(); seed++) {
        String yaml = yaml(chosen.configuration(), method.getValue(), seed);
        Federation.Outcome outcome = federation.run(task(yaml), yaml, sites);
        if (method.getKey().equals(FLOAT32)) {
          courses.add(outcome.course());
        }
        double least = NEAR * courses.get(seed).end();
        CompressedRun run =
            CompressedRun.of(
                method.getKey(),
                chosen.configuration() + 1,
                score.of(outcome.validation()),
                seed,
                score.of(outcome.test()),
                least,
                outcome.course());
        System.out.println("  " + run);
        runs.add(run);
      }
    }
    return runs;
  }

  /** With one configuration there is nothing to try. */
  private Choice choose(String name, Map<String, Object> method)
      throws IOException, RefusedException, InterruptedException {
    if (plan.configurations().size() == 1) {
      return new Choice(0, Double.NaN);
    }
    List<SiteExamples> seen = Federation.withoutTest(sites);
    Choice best = new Choice(0, Double.NaN);
    for (int i = 0; i < plan.configurations().size(); i++) {
      String yaml = yaml(i, method, 0);
      double value = score.of(federation.run(task(yaml), yaml, seen).validation());
      System.out.println("  " + name + " configuration " + (i + 1) + ": " + value);
      if (score.isBetter(value, best.validation())) {
        best = new Choice(i, value);
      }
    }
    return best;
  }

  private String yaml(int configuration, Map<String, Object> method, long seed) {
    return plan.yaml(List.of(plan.configurations().get(configuration), method), seed);
  }

  private static Task task(String yaml) throws RefusedException {
    return new YamlTaskReader().read(yaml).task();
  }
}
