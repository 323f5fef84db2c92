// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.quality;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.learn.Engine;
import org.fedwerk.api.learn.Evaluation;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.task.Task;
import org.fedwerk.learn.internal.NamedArchitectures;
import org.fedwerk.learn.internal.WindowPreparation;
import org.fedwerk.sim.baseline.SiteExamples;
import org.fedwerk.sim.baseline.Trainer;
import org.fedwerk.sim.baseline.Trainer.Prepared;
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
  private final Engine engine;
  private final Federation federation;

  Bench(Plan plan, List<SiteExamples> sites, Aside aside, Federation federation) {
    this.plan = plan;
    this.score = new Score(plan.metric(), plan.union());
    this.sites = sites;
    this.aside = aside;
    this.engine = federation.engine();
    this.federation = federation;
  }

  /**
   * What a set came to.
   *
   * @param columns in the order of the table
   * @param abroad [model's site x tested site] score of local models, mean over seeds
   */
  record Result(List<Column> columns, double[][] abroad) {}

  /** What a configuration is worth on validation parts. */
  private interface Trial {
    double validation(int configuration) throws IOException, RefusedException, InterruptedException;
  }

  /** The configuration that validation likes best, from 0. */
  private record Choice(int configuration, double validation) {
    Column column(String name, double[] values, Map<String, Double> asides) {
      return new Column(name, configuration + 1, validation, values, asides);
    }
  }

  /** Per-site models of one configuration and seed: what each is worth at each site. */
  private record Local(
      List<Evaluation> validation, Evaluation[][] test, Map<String, Double> asides) {}

  /** One model's evaluations per site, and what is told beside them. */
  private record Pooled(List<Evaluation> evaluations, Map<String, Double> asides) {}

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

  private String yaml(int configuration, Map<String, Object> method, long seed) {
    return plan.yaml(List.of(plan.configurations().get(configuration), method), seed);
  }

  private Trainer trainer(int configuration, long seed) throws RefusedException {
    return trainer(task(yaml(configuration, Map.of(), seed)));
  }

  private Trainer trainer(Task task) throws RefusedException {
    return new Trainer(new NamedArchitectures(), new WindowPreparation(), engine, task);
  }

  private List<Column> local(double[][] abroad)
      throws IOException, RefusedException, InterruptedException {
    Choice chosen = choose("local", i -> score.of(local(i, 0, false).validation()));
    Map<String, Double> asides = new LinkedHashMap<>();
    double[] homes = new double[SEEDS];
    double[] aways = new double[SEEDS];
    for (int seed = 0; seed < SEEDS; seed++) {
      Local reported = local(chosen.configuration(), seed, true);
      add(reported.asides(), asides);
      Evaluation[][] test = reported.test();
      List<Evaluation> home = new ArrayList<>();
      List<Evaluation> away = new ArrayList<>();
      for (int of = 0; of < test.length; of++) {
        for (int at = 0; at < test.length; at++) {
          (of == at ? home : away).add(test[of][at]);
          abroad[of][at] += score.of(List.of(test[of][at])) / SEEDS;
        }
      }
      homes[seed] = score.of(home);
      aways[seed] = score.of(away);
    }
    return List.of(chosen.column(HOME, homes, asides), chosen.column(ABROAD, aways, Map.of()));
  }

  private Local local(int configuration, long seed, boolean reported) throws RefusedException {
    Trainer trainer = trainer(configuration, seed);
    List<Prepared> all = sites.stream().map(trainer::prepare).toList();
    List<Evaluation> validation = new ArrayList<>();
    List<double[]> predicted = new ArrayList<>();
    Evaluation[][] test = new Evaluation[reported ? all.size() : 0][all.size()];
    for (int of = 0; of < all.size(); of++) {
      Prepared site = all.get(of);
      float[] model = trainer.train(site.site(), site.train(), List.of(site));
      validation.add(trainer.evaluate(model, site.validation()));
      if (reported) {
        predicted.add(trainer.values(model, site.test()));
      }
      for (int at = 0; reported && at < all.size(); at++) {
        test[of][at] = trainer.evaluate(model, all.get(at).test());
      }
    }
    return new Local(validation, test, reported ? aside.of(sites, predicted) : Map.of());
  }

  private Column pooled() throws IOException, RefusedException, InterruptedException {
    Choice chosen = choose(POOLED, i -> score.of(pooled(i, 0, DataRole.VALIDATION).evaluations()));
    double[] values = new double[SEEDS];
    Map<String, Double> asides = new LinkedHashMap<>();
    for (int seed = 0; seed < SEEDS; seed++) {
      Pooled reported = pooled(chosen.configuration(), seed, DataRole.TEST);
      values[seed] = score.of(reported.evaluations());
      add(reported.asides(), asides);
    }
    return chosen.column(POOLED, values, asides);
  }

  private Pooled pooled(int configuration, long seed, DataRole role) throws RefusedException {
    Trainer trainer = trainer(configuration, seed);
    List<Prepared> all = sites.stream().map(trainer::prepare).toList();
    LabelledInputs together = Trainer.concat(all.stream().map(Prepared::train).toList());
    float[] model = trainer.train(POOLED, together, all);
    return new Pooled(
        all.stream().map(site -> trainer.evaluate(model, site.of(role))).toList(),
        role == DataRole.TEST ? asides(trainer, all, model) : Map.of());
  }

  private Map<String, Double> asides(Trainer trainer, List<Prepared> all, float[] model) {
    return aside.of(sites, all.stream().map(site -> trainer.values(model, site.test())).toList());
  }

  /** Adds a seed's part of the mean. */
  private static void add(Map<String, Double> of, Map<String, Double> to) {
    of.forEach((name, value) -> to.merge(name, value / SEEDS, Double::sum));
  }

  /** There is nothing to tune and no chance in it. */
  private Column discriminant() throws RefusedException {
    Trainer trainer = trainer(0, 0);
    int classes = task(yaml(0, Map.of(), 0)).schema().label().outputs();
    List<Prepared> all = sites.stream().map(trainer::prepare).toList();
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
        Trainer trainer = trainer(task(yaml));
        List<Prepared> all = sites.stream().map(trainer::prepare).toList();
        add(asides(trainer, all, outcome.model().get()), asides);
      }
      System.out.println(
          "  " + name + " seed " + seed + ": " + values[seed] + " after " + outcome.rounds());
    }
    return chosen.column(name, values, asides);
  }

  /** Tries all configurations. */
  private Choice choose(String column, Trial trial)
      throws IOException, RefusedException, InterruptedException {
    Choice best = new Choice(0, Double.NaN);
    for (int i = 0; i < plan.configurations().size(); i++) {
      double value = trial.validation(i);
      System.out.println("  " + column + " configuration " + (i + 1) + ": " + value);
      if (score.isBetter(value, best.validation())) {
        best = new Choice(i, value);
      }
    }
    return best;
  }
}
