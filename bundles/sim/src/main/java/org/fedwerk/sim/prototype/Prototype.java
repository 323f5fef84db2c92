// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.prototype;

import static org.fedwerk.api.data.DataRole.VALIDATION;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.learn.Engine;
import org.fedwerk.api.learn.Evaluation;
import org.fedwerk.api.prototype.Prototyping;
import org.fedwerk.api.prototype.Prototyping.Column;
import org.fedwerk.api.task.Task;
import org.fedwerk.sim.baseline.Federation;
import org.fedwerk.sim.baseline.Score;
import org.fedwerk.sim.baseline.SiteExamples;
import org.fedwerk.sim.baseline.Trials;
import org.fedwerk.sim.baseline.Trials.Choice;
import org.fedwerk.sim.baseline.Trials.Local;

/** All columns of one task on the examples of several sites. */
final class Prototype {
  private final Configurations configurations;
  private final List<SiteExamples> sites;
  private final long seed;
  private final int seeds;
  private final Score score;
  private final Trials trials;
  private final Federation federation;
  private final Consumer<String> progress;

  /** Of a task. */
  Prototype(
      Task task,
      Configurations configurations,
      List<SiteExamples> sites,
      int seeds,
      Engine engine,
      Consumer<String> progress) {
    this.configurations = configurations;
    this.sites = sites;
    this.seed = task.seed();
    this.seeds = seeds;
    this.score = new Score(task.rounds().metric(), false);
    this.trials = new Trials(engine, sites, score);
    this.federation = new Federation(engine);
    this.progress = progress;
  }

  /** In the order of {@link Prototyping#COLUMNS}. */
  List<Column> run() throws IOException, RefusedException, InterruptedException {
    List<Column> columns = new ArrayList<>(local());
    columns.add(pooled());
    columns.add(federated());
    return columns;
  }

  private List<Column> local() throws IOException, RefusedException, InterruptedException {
    Choice chosen =
        choose("local", i -> score.of(trials.local(configurations.task(i, seed)).home(VALIDATION)));
    double[] home = new double[seeds];
    double[] abroad = new double[seeds];
    double abroadValidation = Double.NaN;
    for (int i = 0; i < seeds; i++) {
      Local local = trials.local(configurations.task(chosen.configuration(), seed + i));
      Evaluation[][] test = local.everywhere(DataRole.TEST);
      home[i] = score.of(Local.home(test));
      abroad[i] = score.of(Local.abroad(test));
      if (i == 0) {
        abroadValidation = score.of(Local.abroad(local.everywhere(VALIDATION)));
      }
      say("local", i, home[i]);
    }
    return List.of(
        column(0, chosen, chosen.validation(), home), column(1, chosen, abroadValidation, abroad));
  }

  private Column pooled() throws IOException, RefusedException, InterruptedException {
    Choice chosen =
        choose(
            "pooled",
            i -> score.of(trials.pooled(configurations.task(i, seed)).evaluate(VALIDATION)));
    double[] test = new double[seeds];
    for (int i = 0; i < seeds; i++) {
      Task task = configurations.task(chosen.configuration(), seed + i);
      test[i] = score.of(trials.pooled(task).evaluate(DataRole.TEST));
      say("pooled", i, test[i]);
    }
    return column(2, chosen, chosen.validation(), test);
  }

  private Column federated() throws IOException, RefusedException, InterruptedException {
    List<SiteExamples> seen = Federation.withoutTest(sites);
    Choice chosen = choose("federated", i -> score.of(federation(i, seed, seen).validation()));
    double[] test = new double[seeds];
    for (int i = 0; i < seeds; i++) {
      test[i] = score.of(federation(chosen.configuration(), seed + i, sites).test());
      say("federated", i, test[i]);
    }
    return column(3, chosen, chosen.validation(), test);
  }

  private Federation.Outcome federation(int configuration, long with, List<SiteExamples> of)
      throws IOException, RefusedException, InterruptedException {
    String yaml = configurations.yaml(configuration, with);
    return federation.run(configurations.task(configuration, with), yaml, of);
  }

  private Choice choose(String column, Trials.Trial trial)
      throws IOException, RefusedException, InterruptedException {
    int count = configurations.count();
    return trials.choose(
        column,
        count,
        trial,
        (name, configuration, value) ->
            progress.accept(
                String.format(
                    Locale.ROOT,
                    "%s: configuration %d of %d, validation %.4f",
                    name,
                    configuration,
                    count,
                    value)));
  }

  private void say(String column, int run, double value) {
    progress.accept(
        String.format(Locale.ROOT, "%s: run %d of %d, test %.4f", column, run + 1, seeds, value));
  }

  private Column column(int name, Choice chosen, double validation, double[] test) {
    return new Column(
        Prototyping.COLUMNS.get(name),
        configurations.count(),
        chosen.configuration() + 1,
        configurations.shown(chosen.configuration()),
        validation,
        Arrays.stream(test).average().orElse(Double.NaN),
        Arrays.stream(test).max().orElse(Double.NaN)
            - Arrays.stream(test).min().orElse(Double.NaN));
  }
}
