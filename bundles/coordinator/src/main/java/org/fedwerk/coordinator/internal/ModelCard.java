// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.fedwerk.api.coordinator.Coordination.RoundRecord;
import org.fedwerk.api.data.ImageSpec;
import org.fedwerk.api.data.LabelSpec;
import org.fedwerk.api.data.Regimes;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.data.SignalSpec;
import org.fedwerk.api.data.ValuePools;
import org.fedwerk.api.data.WindowFeatures;
import org.fedwerk.api.learn.Counts;
import org.fedwerk.api.learn.Evaluation;
import org.fedwerk.api.learn.Metrics;
import org.fedwerk.api.learn.Moments;
import org.fedwerk.api.model.ModelVersion;
import org.fedwerk.api.task.Costs;
import org.fedwerk.api.task.ModelSpec;
import org.fedwerk.api.task.StrategySpec;
import org.fedwerk.api.task.Task;
import org.fedwerk.api.task.ThresholdSpec;
import org.fedwerk.coordinator.internal.registry.StoredModel;

/**
 * A version's card: what the coordinator knows of a model when a round has made it, as a short
 * document in Markdown. The same facts give the same text.
 */
final class ModelCard {
  /** Rates of the summed counts, and another mean of the sites' rates. */
  private static final Pattern IN_THE_TABLE = Pattern.compile("\\.(summed|weighted)\\.(?!auc)");

  private final StringBuilder text = new StringBuilder();

  private ModelCard() {}

  /**
   * The card of a version.
   *
   * @param round the round that made it; empty if none here did
   * @param kept what is kept with it; empty if it is no more
   */
  static String of(
      TaskContext context,
      ModelVersion model,
      Optional<RoundRecord> round,
      Optional<StoredModel> kept) {
    ModelCard card = new ModelCard();
    card.head(context, model);
    kept.ifPresent(each -> card.inputs(context.task().schema(), each.reference().statistics()));
    card.data(context.task(), model, round);
    kept.ifPresent(
        each -> new LabelTable(context.task(), model, each.labels()).lines().forEach(card::line));
    round.ifPresent(made -> card.judged(context.task(), made));
    card.limits(context.task(), model, round);
    return card.text.toString();
  }

  private void head(TaskContext context, ModelVersion model) {
    Task task = context.task();
    line("# " + task.name() + ", version " + model.version());
    line("");
    line("- purpose: " + task.purpose().replaceAll("\\s+", " "));
    line("- answered for by: " + task.owner());
    line("- task: " + context.digest().hex());
    line("- model: " + model.digest().hex());
    line("- made from: " + (model.version() == 0 ? "the task's seed" : model.base().hex()));
    line(
        "- network: "
            + task.model().architecture()
            + ", hidden layers "
            + task.model().hidden()
            + ", "
            + context.network().layout().size()
            + " parameters"
            + (task.local().isClustered()
                ? ", once for each of " + task.local().clusters() + " clusters"
                : ""));
    ModelSpec.Base base = task.model().base();
    if (base != null) {
      line(
          "- base: TorchScript file "
              + base.file().hex()
              + ", "
              + base.features()
              + " features, not trained; each site has its own copy");
    }
    line("- input: " + input(task));
    String named = task.schema().label().name();
    line("- output: " + (named.isEmpty() ? "" : named + ", ") + output(task.schema().label()));
    ThresholdSpec threshold = task.threshold();
    if (threshold != null) {
      line(
          "- alarm: above the "
              + number(threshold.quantile())
              + " quantile of the scores of a site's normal validation parts, by itself");
    }
  }

  private static String output(LabelSpec label) {
    return switch (label.target().kind()) {
      case CLASS -> label.classes().toString();
      case CLASSES -> "any of " + label.classes();
      case VALUE ->
          "a number" + (label.target().unit().isEmpty() ? "" : " in " + label.target().unit());
      case ANOMALY -> "an anomaly score, and whether that is an alarm";
    };
  }

  private static String input(Task task) {
    ImageSpec image = task.schema().image();
    if (image == null) {
      return features(task.schema()) + signals(task) + regimes(task.schema());
    }
    return "an image of "
        + image.signal()
        + ", "
        + image.width()
        + " x "
        + image.height()
        + " pixels, "
        + (image.channels() == ImageSpec.GREY ? "grey" : "red, green and blue");
  }

  private static String features(Schema schema) {
    WindowFeatures features = schema.features();
    List<String> made = new ArrayList<>();
    if (features.bands() > 0) {
      made.add(features.bands() + " bands of amplitudes");
    }
    features.statistics().forEach(each -> made.add(each.word()));
    String steps = schema.window().steps() + " steps of ";
    if (features.difference() > 0) {
      steps = "differences over " + features.difference() + " of " + steps;
    }
    return made.isEmpty() ? steps : String.join(", ", made) + " of " + steps;
  }

  private static String regimes(Schema schema) {
    Regimes regimes = schema.regimes();
    return regimes == null ? "" : ", standardised in " + regimes.count() + " regimes";
  }

  private static String signals(Task task) {
    List<String> signals = new ArrayList<>();
    for (SignalSpec signal : task.schema().signals()) {
      String unit = signal.unit().isEmpty() ? "" : " " + signal.unit();
      signals.add(signal.name() + " (" + signal.min() + " to " + signal.max() + unit + ")");
    }
    return String.join(", ", signals);
  }

  private void inputs(Schema schema, List<Moments> statistics) {
    if (statistics.isEmpty()) {
      return;
    }
    line("");
    line("## Inputs");
    line("");
    line("Training values of the sites that told of them before the first training, merged once:");
    line("");
    line("| input | values | mean | deviation |");
    line("|---|---|---|---|");
    ValuePools pools = new ValuePools(schema);
    for (int pool = 0; pool < statistics.size(); pool++) {
      Moments its = statistics.get(pool);
      line(
          String.format(
              Locale.ROOT,
              "| %s | %d | %.6g | %.6g |",
              pools.name(pool),
              its.count(),
              its.mean(),
              its.deviation()));
    }
  }

  private void data(Task task, ModelVersion model, Optional<RoundRecord> round) {
    if (model.contributors().isEmpty()) {
      return;
    }
    line("");
    line("## Training data");
    line("");
    line("Each site trained on its own examples; the weight below is their number.");
    line("Updates became the model by " + strategy(task) + ".");
    if (model.contributors().stream().anyMatch(each -> each.contains("@"))) {
      line("An update of an earlier round is named site@round, and its weight scaled by its age.");
    }
    line("");
    line("| site | weight |");
    line("|---|---|");
    double all = 0;
    for (int i = 0; i < model.contributors().size(); i++) {
      double weight = model.weights().get(i);
      all += weight;
      line("| " + model.contributors().get(i) + " | " + number(weight) + " |");
    }
    line("| all | " + number(all) + " |");
    Optional<Evaluation> summed = round.flatMap(ModelCard::summed);
    if (summed.isPresent() && !task.schema().label().classes().isEmpty()) {
      classes(task.schema().label(), summed.get());
      classes(task.schema().label(), round.orElseThrow().evaluations());
    }
  }

  private void classes(LabelSpec label, Evaluation summed) {
    line("");
    line("Classes of the validation examples, summed over the sites that told them:");
    line("");
    line("| class | examples | share |");
    line("|---|---|---|");
    List<Long> counts = actual(label, summed);
    long all = label.isAnomaly() ? summed.labels().get(0).count() : summed.count();
    for (int k = 0; k < counts.size(); k++) {
      String share = number((double) counts.get(k) / Math.max(1, all));
      line("| " + names(label).get(k) + " | " + counts.get(k) + " | " + share + " |");
    }
  }

  private void classes(LabelSpec label, Map<String, Evaluation> told) {
    List<String> names = names(label);
    line("");
    line("| site | " + String.join(" | ", names) + " |");
    line("|---|" + "---|".repeat(names.size()));
    told.forEach(
        (site, each) ->
            line(
                actual(label, each).stream()
                    .map(String::valueOf)
                    .collect(Collectors.joining(" | ", "| " + site + " | ", " |"))));
  }

  private static List<String> names(LabelSpec label) {
    return label.isAnomaly()
        ? List.of("normal, or without a label", "labelled as a defect")
        : label.classes();
  }

  /** How many of the examples that were evaluated have each. */
  private static List<Long> actual(LabelSpec label, Evaluation each) {
    if (label.isAnomaly()) {
      return List.of(each.count(), each.labels().get(0).actual());
    }
    List<Counts> classes = label.isClass() ? Counts.of(each.confusion()) : each.labels();
    return classes.stream().map(Counts::actual).toList();
  }

  private static String strategy(Task task) {
    StrategySpec strategy = task.strategy();
    List<String> words = new ArrayList<>(List.of(strategy.aggregator()));
    if (strategy.weights() != StrategySpec.Weights.SAMPLES) {
      words.add("weights " + strategy.weights().name().toLowerCase(Locale.ROOT));
    }
    if (strategy.server().isOptimizing()) {
      words.add(strategy.server().optimizer());
    }
    if (task.local().isClustered()) {
      boolean isSplit = task.local().split().isPresent();
      words.add(
          "each site's to one of "
              + (isSplit ? "at most " : "")
              + task.local().clusters()
              + " clusters"
              + (isSplit ? ", parted by the similarity of updates" : ""));
    }
    if (task.local().scaffold()) {
      words.add("control variates");
    }
    if (task.compression().isCoded()) {
      words.add("updates sent as " + task.compression().encoding());
    }
    return String.join(", ", words);
  }

  private static Optional<Evaluation> summed(RoundRecord round) {
    return round.evaluations().values().stream().reduce(Evaluation::plus);
  }

  private void judged(Task task, RoundRecord round) {
    line("");
    line("## Judged by");
    line("");
    List<String> metrics = metrics(task);
    line("| | examples | " + String.join(" | ", metrics).replace('-', ' ') + " |");
    line("|---|---|" + "---|".repeat(metrics.size()));
    round.evaluations().forEach((site, each) -> line("| " + site + row(metrics, each)));
    summed(round).ifPresent(all -> line("| all, summed" + row(metrics, all)));
    line("");
    Costs costs = task.costs();
    if (costs != null) {
      line(
          "- costs: "
              + number(costs.missed())
              + " for a missed defect, "
              + number(costs.falseAlarm())
              + " for a false alarm; savings in "
              + costs.currency()
              + " per 1000 parts against finding no defect");
    }
    for (Map.Entry<String, Double> metric : round.metrics().entrySet()) {
      if (!IN_THE_TABLE.matcher(metric.getKey()).find()) {
        line("- " + metric.getKey() + ": " + number(metric.getValue()));
      }
    }
  }

  /** Those of the label's kind that need no histogram, which is not kept for every version. */
  private static List<String> metrics(Task task) {
    return Metrics.ofCounts(task.schema().label().target().kind());
  }

  private static String row(List<String> metrics, Evaluation each) {
    StringBuilder row = new StringBuilder(" | " + each.count() + " |");
    metrics.forEach(metric -> row.append(' ').append(number(each.metric(metric))).append(" |"));
    return row.toString();
  }

  private void limits(Task task, ModelVersion model, Optional<RoundRecord> round) {
    line("");
    line("## Limits");
    line("");
    if (round.isEmpty()) {
      line("- no round has judged this version");
    } else {
      line("- judged on the validation examples of the sites above, and of no other");
      round
          .get()
          .missing()
          .forEach((site, why) -> line("- without a complete answer of " + site + ": " + why));
    }
    round.ifPresent(made -> emptyClusters(task, made));
    line("- a value outside of its signal's range counts as missing");
    line(
        task.standardisesTogether()
            ? "- inputs are standardised by the statistics of the federation, which are a part of the"
                + " model"
            : "- a site's normalisation is its own and no part of the model");
    if (task.local().isPersonal() || task.local().fineTune().isOn()) {
      line("- sites run it with layers or a model of their own, which are no part of it");
    }
    line("- a site with fewer than " + task.leastCount() + " examples of a kind told no metric");
    if (!model.contributors().isEmpty()) {
      line("- each site's update was disclosed to the coordinator; no noise was added");
    }
  }

  private void emptyClusters(Task task, RoundRecord round) {
    if (!task.local().isClustered() || task.local().split().isPresent()) {
      return;
    }
    Set<Double> taken =
        round.metrics().entrySet().stream()
            .filter(each -> each.getKey().startsWith(PhaseFolds.CLUSTER))
            .map(Map.Entry::getValue)
            .collect(Collectors.toSet());
    // A version that no update is in, as that of the statistics, says nothing of clusters.
    for (int cluster = 1; !taken.isEmpty() && cluster <= task.local().clusters(); cluster++) {
      if (!taken.contains((double) cluster)) {
        line(
            "- no site took cluster "
                + cluster
                + ", so nobody trained its model; with another seed it begins elsewhere");
      }
    }
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, "%.4f", value);
  }

  private void line(String line) {
    text.append(line.replaceAll("\\p{Cntrl}", " ")).append('\n');
  }
}
