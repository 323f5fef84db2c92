// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.quality;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.task.Task;
import org.fedwerk.itests.figures.Figures;
import org.fedwerk.learn.djl.internal.DjlEngine;
import org.fedwerk.learn.djl.internal.EngineSettings;
import org.fedwerk.learn.internal.NamedDriftDetection;
import org.fedwerk.sim.baseline.Federation;
import org.fedwerk.sim.baseline.SiteExamples;
import org.fedwerk.task.internal.YamlTaskReader;

/** Prints the figures of {@code mvn -Pquality verify} and writes docs/quality.md. */
public final class QualityMain {
  private static final String COLUMNS_OF_ALL = "local-home local-abroad pooled fedavg best";

  /** How long all of it took. */
  private static final String SECONDS = "quality.seconds";

  private QualityMain() {}

  /**
   * Runs.
   *
   * <p>System properties: {@code quality.sets}, names by commas, or nothing for all; {@code
   * quality.full}, true to leave out no data; {@code fedwerk.python}, an interpreter that may have
   * torch.
   *
   * @param args folder of the data sets, folder of the documentation, train_reference.py
   */
  public static void main(String[] args)
      throws IOException, RefusedException, InterruptedException {
    long begin = System.nanoTime();
    Path data = Path.of(args[0]);
    Path docs = Path.of(args[1]);
    Path examples = docs.resolve("examples").resolve("quality");
    boolean full = Boolean.getBoolean("quality.full");
    Report report = new Report(docs, examples);
    report.write();
    Figures figures = new Figures(System.out);
    List<String> needed = new ArrayList<>();
    DjlEngine engine = new DjlEngine(EngineSettings.defaults());
    try {
      String sets = System.getProperty("quality.sets", "");
      if (wants(sets, CompressBench.SET)) {
        needed.addAll(compress(data, examples, report, figures, new Federation(engine)));
      }
      if (wants(sets, EngineBench.SET)) {
        needed.addAll(engines(report, figures, engine));
      }
      if (wants(sets, TrainBench.SET)) {
        System.out.println(TrainBench.SET);
        String python = System.getProperty("fedwerk.python", "python3");
        needed.addAll(new TrainFigures(figures, engine, python, Path.of(args[2])).run(report));
      }
      for (QualitySet set : chosen(sets)) {
        Plan plan = Plan.read(examples.resolve(set.name() + ".yaml"));
        List<String> columns = new ArrayList<>(List.of(COLUMNS_OF_ALL.split(" ")));
        if (plan.discriminant()) {
          columns.add(Bench.DISCRIMINANT);
        }
        plan.methods().keySet().stream().filter(m -> !columns.contains(m)).forEach(columns::add);
        columns.forEach(each -> needed.add(set.name() + "." + each));
        Path folder = data.resolve(set.data().folder());
        if (!Files.isDirectory(folder)) {
          for (String each : columns) {
            figures.absent(
                set.name() + "." + each,
                folder
                    + " is not there; name the folder of the data sets by -Dfedwerk.data=<folder>");
          }
          continue;
        }
        Measured measured = measure(set, plan, folder, full, new Federation(engine));
        measured.write(report.numbers(set.name()));
        report.write();
        measured.result().columns().forEach(column -> print(figures, set, plan, column));
      }
    } finally {
      engine.stop();
    }
    needed.add(SECONDS);
    figures.print(SECONDS, (System.nanoTime() - begin) / 1e9, "s");
    figures.require(needed);
  }

  /** The figures of less communication. @return their names */
  private static List<String> compress(
      Path data, Path examples, Report report, Figures figures, Federation federation)
      throws IOException, RefusedException, InterruptedException {
    Plan plan = Plan.read(examples.resolve(CompressBench.SET + ".yaml"));
    DataSet hydraulic = new HydraulicData("accumulator_bar");
    Path folder = data.resolve(hydraulic.folder());
    String ratio = CompressBench.SET + "." + Compressed.RATIO;
    String loss = CompressBench.SET + "." + Compressed.LOSS;
    if (!Files.isDirectory(folder)) {
      String absent = folder + " is not there; name the data's folder by -Dfedwerk.data=<folder>";
      figures.absent(ratio, absent);
      figures.absent(loss, absent);
      return List.of(ratio, loss);
    }
    System.out.println(CompressBench.SET);
    long begin = System.nanoTime();
    Task task = new YamlTaskReader().read(plan.yaml(List.of(), 0)).task();
    List<SiteExamples> sites = hydraulic.sites(folder, task.schema(), true);
    List<CompressedRun> runs = new CompressBench(plan, sites, federation).run();
    Compressed measured =
        new Compressed(Math.round((System.nanoTime() - begin) / 1e9), List.copyOf(runs));
    measured.write(report.numbers(CompressBench.SET));
    report.write();
    String method = measured.methods().get(0);
    figures.print(ratio, measured.ratio(method), "times n=" + plan.seeds());
    figures.print(loss, measured.loss(method), plan.metric() + " n=" + plan.seeds());
    return List.of(ratio, loss);
  }

  /** The figures of the second engine. @return their names */
  private static List<String> engines(Report report, Figures figures, DjlEngine engine)
      throws IOException, RefusedException {
    System.out.println(EngineBench.SET);
    DjlEngine other = new DjlEngine(EngineSettings.of("MXNet"));
    try {
      List<EngineDifference> measured = new EngineBench(engine, other).run();
      EngineDifference.write(report.numbers(EngineBench.SET), measured);
      report.write();
      List<String> names = new ArrayList<>();
      for (EngineDifference each : measured) {
        figures.print(each.logitsFigure(), each.logits(), "1");
        figures.print(each.updateFigure(), each.update(), "1");
        names.addAll(List.of(each.logitsFigure(), each.updateFigure()));
      }
      return names;
    } finally {
      other.stop();
    }
  }

  private static boolean wants(String names, String set) {
    List<String> wanted = wanted(names);
    return wanted.isEmpty() || wanted.contains(set);
  }

  private static List<String> wanted(String names) {
    return Arrays.stream(names.split(",")).map(String::strip).filter(n -> !n.isEmpty()).toList();
  }

  private static Measured measure(
      QualitySet set, Plan plan, Path folder, boolean full, Federation federation)
      throws IOException, RefusedException, InterruptedException {
    System.out.println(set.name());
    long begin = System.nanoTime();
    Task task = new YamlTaskReader().read(plan.yaml(List.of(), 0)).task();
    List<SiteExamples> sites = set.data().sites(folder, task.schema(), full);
    for (SiteExamples site : sites) {
      System.out.println("  " + site.site() + ": " + site.examples().size() + " examples");
    }
    Bench.Result result = new Bench(plan, sites, set.data().aside(), federation).run();
    long seconds = Math.round((System.nanoTime() - begin) / 1e9);
    return new Measured(
        seconds,
        sites.stream().map(SiteExamples::site).toList(),
        result,
        new SiteDrift(new NamedDriftDetection()).between(sites));
  }

  private static List<QualitySet> chosen(String names) {
    List<String> wanted = wanted(names);
    List<String> known = new ArrayList<>(QualitySet.ALL.stream().map(QualitySet::name).toList());
    known.addAll(List.of(CompressBench.SET, EngineBench.SET, TrainBench.SET));
    for (String name : wanted) {
      if (!known.contains(name)) {
        throw new IllegalArgumentException(
            "quality.sets names " + name + ", known are " + String.join(", ", known));
      }
    }
    return QualitySet.ALL.stream()
        .filter(set -> wanted.isEmpty() || wanted.contains(set.name()))
        .toList();
  }

  private static void print(Figures figures, QualitySet set, Plan plan, Column column) {
    String unit =
        String.format(
            Locale.ROOT,
            "%s n=%d spread=%.4f",
            plan.metric(),
            column.values().length,
            column.spread());
    figures.print(set.name() + "." + column.name(), column.mean(), unit);
    column
        .asides()
        .forEach(
            (name, value) ->
                figures.print(
                    set.name() + "." + column.name() + "." + name,
                    value,
                    name + " n=" + column.values().length));
  }
}
