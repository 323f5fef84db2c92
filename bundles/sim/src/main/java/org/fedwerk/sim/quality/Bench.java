// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.quality;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.learn.Evaluation;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.task.Task;
import org.fedwerk.learn.internal.WindowPreparation;
import org.fedwerk.sim.baseline.Federation;
import org.fedwerk.sim.baseline.Score;
import org.fedwerk.sim.baseline.SiteExamples;
import org.fedwerk.sim.baseline.Trainer;
import org.fedwerk.sim.baseline.Trainer.Prepared;
import org.fedwerk.sim.baseline.Trials;
import org.fedwerk.sim.baseline.Trials.Choice;
import org.fedwerk.sim.baseline.Trials.Local;
import org.fedwerk.sim.baseline.Trials.Pooled;
import org.fedwerk.sim.baseline.Trials.Trial;
import org.fedwerk.task.internal.YamlTaskReader;

/**
 * Measures a set: every way of learning is tried in the same six configurations with seed 0, the
 * one that validation likes best is run with each seed, and only then are test parts read.
 */
final class Bench {
  static final int SEEDS = 3;
  static final String HOME = "local-home";
  static final String ABROAD = "local-abroad";
  static final String POOLED = "pooled";
  static final String BEST = "best";
  static final String DISCRIMINANT = "lda";

  private final Plan plan;
  private final Score score;
  private final List<SiteExamples> sites;
  private final Aside aside;
  private final Trials trials;
  private final Federation federation;

  Bench(Plan plan, List<SiteExamples> sites, Aside aside, Federation federation) {
    this.plan = plan;
    this.score = new Score(plan.metric(), plan.union());
    this.sites = sites;
    this.aside = aside;
    this.trials = new Trials(federation.engine(), sites, score);
    this.federation = federation;
  }

  /**
   * What a set came to.
   *
   * @param columns in the order of the table
   * @param abroad [model's site x tested site] score of local models, mean over seeds
   */
  record Result(List<Column> columns, double[][] abroad) {}

  /** All columns. */
  Result run() throws IOException, RefusedException, InterruptedException {
    List<Column> columns = new ArrayList<>();
    double[][] abroad = new double[sites.size()][sites.size()];
    columns.addAll(local(abroad));
    columns.add(pooled());
    if (plan.discriminant()) {
      columns.add(discriminant());
    }
    Column best = null;
    for (Map.Entry<String, Map<String, Object>> method : plan.methods().entrySet()) {
      Column column = federated(method.getKey(), method.getValue());
      columns.add(column);
      if (best == null || score.isBetter(column.validation(), best.validation())) {
        best = column;
      }
    }
    if (best != null) {
      columns.add(
          new Column(BEST, best.configuration(), best.validation(), best.values(), best.asides()));
    }
    return new Result(columns, abroad);
  }

  private Task task(String yaml) throws RefusedException {
    return new YamlTaskReader().read(yaml).task();
  }

  private Task plain(int configuration, long seed) throws RefusedException {
    return task(yaml(configuration, Map.of(), seed));
  }

  private String yaml(int configuration, Map<String, Object> method, long seed) {
    return plan.yaml(List.of(plan.configurations().get(configuration), method), seed);
  }

  private List<Column> local(double[][] abroad)
      throws IOException, RefusedException, InterruptedException {
    Choice chosen =
        choose("local", i -> score.of(trials.local(plain(i, 0)).home(DataRole.VALIDATION)));
    Map<String, Double> asides = new LinkedHashMap<>();
    double[] homes = new double[SEEDS];
    double[] aways = new double[SEEDS];
    for (int seed = 0; seed < SEEDS; seed++) {
      Local reported = trials.local(plain(chosen.configuration(), seed));
      Evaluation[][] test = reported.everywhere(DataRole.TEST);
      add(aside.of(sites, reported.values()), asides);
      for (int of = 0; of < test.length; of++) {
        for (int at = 0; at < test.length; at++) {
          abroad[of][at] += score.of(List.of(test[of][at])) / SEEDS;
        }
      }
      homes[seed] = score.of(Local.home(test));
      aways[seed] = score.of(Local.abroad(test));
    }
    return List.of(column(HOME, chosen, homes, asides), column(ABROAD, chosen, aways, Map.of()));
  }

  private Column pooled() throws IOException, RefusedException, InterruptedException {
    Choice chosen =
        choose(POOLED, i -> score.of(trials.pooled(plain(i, 0)).evaluate(DataRole.VALIDATION)));
    double[] values = new double[SEEDS];
    Map<String, Double> asides = new LinkedHashMap<>();
    for (int seed = 0; seed < SEEDS; seed++) {
      Pooled reported = trials.pooled(plain(chosen.configuration(), seed));
      values[seed] = score.of(reported.evaluate(DataRole.TEST));
      add(aside.of(sites, reported.values()), asides);
    }
    return column(POOLED, chosen, values, asides);
  }

  private static Column column(
      String name, Choice chosen, double[] values, Map<String, Double> asides) {
    return new Column(name, chosen.configuration() + 1, chosen.validation(), values, asides);
  }

  /** Adds a seed's part of the mean. */
  private static void add(Map<String, Double> of, Map<String, Double> to) {
    of.forEach((name, value) -> to.merge(name, value / SEEDS, Double::sum));
  }

  /** There is nothing to tune and no chance in it. */
  private Column discriminant() throws RefusedException {
    Trainer trainer = trials.trainer(plain(0, 0));
    int classes = task(yaml(0, Map.of(), 0)).schema().label().outputs();
    List<Prepared> all = trials.prepared(trainer);
    LabelledInputs together = Trainer.concat(all.stream().map(Prepared::train).toList());
    LinearDiscriminant fitted = LinearDiscriminant.fit(together, classes);
    WindowPreparation preparation = new WindowPreparation();
    List<Evaluation> validation = new ArrayList<>();
    List<Evaluation> test = new ArrayList<>();
    for (Prepared site : all) {
      validation.add(
          preparation.evaluate(classes, site.validation(), fitted.predict(site.validation())));
      test.add(preparation.evaluate(classes, site.test(), fitted.predict(site.test())));
    }
    return new Column(DISCRIMINANT, 0, score.of(validation), new double[] {score.of(test)});
  }

  private Column federated(String name, Map<String, Object> method)
      throws IOException, RefusedException, InterruptedException {
    List<SiteExamples> seen = Federation.withoutTest(sites);
    Choice chosen =
        choose(
            name,
            i -> {
              String yaml = yaml(i, method, 0);
              return score.of(federation.run(task(yaml), yaml, seen).validation());
            });
    double[] values = new double[SEEDS];
    Map<String, Double> asides = new LinkedHashMap<>();
    for (int seed = 0; seed < SEEDS; seed++) {
      String yaml = yaml(chosen.configuration(), method, seed);
      Federation.Outcome outcome = federation.run(task(yaml), yaml, sites);
      values[seed] = score.of(outcome.test());
      if (outcome.model().isPresent()) {
        Trainer trainer = trials.trainer(task(yaml));
        List<Prepared> all = trials.prepared(trainer);
        add(aside.of(sites, new Pooled(trainer, all, outcome.model().get()).values()), asides);
      }
      System.out.println(
          "  " + name + " seed " + seed + ": " + values[seed] + " after " + outcome.rounds());
    }
    return column(name, chosen, values, asides);
  }

  private Choice choose(String column, Trial trial)
      throws IOException, RefusedException, InterruptedException {
    return trials.choose(
        column,
        plan.configurations().size(),
        trial,
        (name, configuration, value) ->
            System.out.println("  " + name + " configuration " + configuration + ": " + value));
  }
}
