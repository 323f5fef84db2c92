// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.fedwerk.api.Refusal;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.codec.UpdateRange;
import org.fedwerk.api.coordinator.Coordination;
import org.fedwerk.api.learn.Layout;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.message.ChunkList;
import org.fedwerk.api.message.Section;
import org.fedwerk.api.model.Exchange;
import org.fedwerk.api.task.ContributionSpec;
import org.fedwerk.api.task.LocalSpec;
import org.fedwerk.api.task.ModelSpec;
import org.fedwerk.api.task.PromotionSpec;
import org.fedwerk.api.task.RoundsSpec;
import org.fedwerk.api.task.Task;
import org.fedwerk.api.task.TaskDocument;
import org.fedwerk.coordinator.internal.contribution.Shares;
import org.fedwerk.coordinator.internal.replies.UpdateReader;

/** Says what a task document means here, or why it cannot be run. Any thread may call. */
final class TaskIntake {
  /** Bytes of one chunk in a plan: 32 for its digest, the rest for numbers and framing. */
  private static final int CHUNK_ENTRY_BYTES = 56;

  /** Bytes of one piece of a chunk list in a plan: 32 for its digest, 2 for framing. */
  private static final int PIECE_BYTES = 34;

  /** Bytes of a plan or manifest without a long list of chunks, with room to spare. */
  private static final int MESSAGE_BYTES = 16_384;

  private final Ports ports;
  private final int rangeElementsMost;

  TaskIntake(Ports ports, int rangeElementsMost) {
    this.ports = ports;
    this.rangeElementsMost = rangeElementsMost;
  }

  /** Checks a new document. */
  TaskContext check(String yaml) throws RefusedException {
    int most = ports.link().maxPayload();
    return context(yaml, Math.max(1, Math.min(rangeElementsMost, most / Float.BYTES)), true);
  }

  /** A task submitted earlier; its ranges never change. */
  TaskContext context(TaskBook.Entry entry) throws RefusedException {
    return context(entry.yaml(), entry.rangeElements(), false);
  }

  private TaskContext context(String yaml, int rangeElements, boolean isNew)
      throws RefusedException {
    TaskDocument document = ports.reader().read(yaml);
    List<Refusal> refusals = new ArrayList<>();
    Optional<Strategy> strategy = Strategy.of(document.task().strategy(), ports, refusals);
    Network network =
        ports.architectures().network(document.task().model(), document.task().schema());
    if (isNew) {
      int travelling = Exchange.of(network, document.task().local()).layout().size();
      layers(network, document.task().local(), travelling, refusals);
      boolean changes = document.task().compression().down().isPresent();
      sizes(yaml, travelling, rangeElements, changes, refusals);
      parameters(document.task().model().budget(), travelling, refusals);
      contribution(document.task(), refusals);
    }
    List<UpdateRange> updates = updates(document.task(), network, rangeElements, refusals);
    if (isNew) {
      bytes(document.task(), network, updates, rangeElements)
          .beyond(document.task().model().budget())
          .ifPresent(refusals::add);
    }
    refuse(yaml, refusals);
    return new TaskContext(
        document,
        document.digest(),
        network,
        strategy.orElseThrow(),
        new UpdateReader(updates, rangeElements),
        rangeElements);
  }

  private void refuse(String yaml, List<Refusal> refusals) throws RefusedException {
    if (!refusals.isEmpty()) {
      throw new RefusedException(
          refusals.stream()
              .map(
                  each ->
                      new Refusal(
                          each.where(), ports.reader().line(yaml, each.where()), each.what()))
              .toList());
    }
  }

  private List<UpdateRange> updates(
      Task task, Network network, int rangeElements, List<Refusal> refusals) {
    Layout layout = Exchange.of(network, task.local()).layout();
    try {
      return ports.codecs().updates(task.compression(), layout, rangeElements);
    } catch (IllegalArgumentException unfit) {
      refusals.add(new Refusal("compression.values", 0, String.valueOf(unfit.getMessage())));
      return List.of();
    }
  }

  private RoundBytes bytes(
      Task task, Network network, List<UpdateRange> updates, int rangeElements) {
    Layout layout = Exchange.of(network, task.local()).layout();
    return RoundBytes.of(ports.codecs(), task.compression(), layout, updates, rangeElements);
  }

  private static void layers(
      Network network, LocalSpec local, int travelling, List<Refusal> refusals) {
    Set<String> known =
        network.layout().entries().stream()
            .map(entry -> entry.name().substring(0, entry.name().indexOf('.')))
            .collect(Collectors.toCollection(TreeSet::new));
    for (String layer : local.layers()) {
      if (!known.contains(layer)) {
        refusals.add(
            new Refusal(
                "local.layers", 0, "there is no layer \"" + layer + "\"; use some of " + known));
      }
    }
    if (travelling == 0) {
      refusals.add(
          new Refusal(
              "local.layers",
              0,
              "are all layers of the model, so nothing would be learned together"));
    }
  }

  private void sizes(
      String yaml, int travelling, int rangeElements, boolean changes, List<Refusal> refusals) {
    int most = ports.link().maxPayload();
    int document = yaml.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
    if (document + MESSAGE_BYTES > most) {
      refusals.add(
          new Refusal(
              "task",
              0,
              "the document has "
                  + document
                  + " bytes, the link carries "
                  + Math.max(0, most - MESSAGE_BYTES)
                  + "; shorten it"));
    }
    long fits = mostParameters(rangeElements, most, changes);
    if (travelling > fits) {
      refusals.add(
          new Refusal(
              "model",
              0,
              "the model has "
                  + travelling
                  + " parameters; in ranges of "
                  + rangeElements
                  + " elements a list over this link names chunks of at most "
                  + fits
                  + "; use a smaller model, or raise range.elements and the broker's largest packet"
                  + " if they are below their defaults"));
    }
  }

  /** How large a model can be whose chunks a plan of at most so many bytes names. */
  private static long mostParameters(int rangeElements, int payload, boolean changes) {
    // A plan that tells its model as a change, too, names as many chunks again.
    int room = Math.max(0, payload - MESSAGE_BYTES) / (changes ? 2 : 1);
    long inline = Math.min(Section.MOST_INLINE, room / CHUNK_ENTRY_BYTES);
    long listed =
        (long) Math.min(ChunkList.MOST_PIECES, room / PIECE_BYTES)
            * ChunkList.entriesPerPiece(rangeElements);
    long chunks = Math.min(ChunkList.MOST_CHUNKS, Math.max(inline, listed));
    return Math.min(Integer.MAX_VALUE, chunks * rangeElements);
  }

  private static void parameters(ModelSpec.Budget budget, int parameters, List<Refusal> refusals) {
    if (parameters > budget.parameters()) {
      refusals.add(
          new Refusal(
              "model.budget.parameters",
              0,
              "the model has "
                  + parameters
                  + " parameters, the budget "
                  + budget.parameters()
                  + "; use a smaller model, or raise the budget"));
    }
  }

  /** With more sites than must be there it may still be too much; then the run history says so. */
  private static void contribution(Task task, List<Refusal> refusals) {
    int sites = task.rounds().cohortLeast();
    int models = modelsOfSubsets(task);
    if (models > ContributionSpec.MODELS_MOST) {
      refusals.add(
          new Refusal(
              "contribution",
              0,
              "with "
                  + sites
                  + " sites, rounds.cohort-least, "
                  + models
                  + " models or more would be judged, each by every site; at most "
                  + ContributionSpec.MODELS_MOST
                  + " are, so ask for less in of, or for fewer permutations"));
    }
  }

  /** Models that are judged at least; 0 if the task does not ask for it. */
  private static int modelsOfSubsets(Task task) {
    ContributionSpec spec = task.contribution();
    if (spec == null) {
      return 0;
    }
    List<String> sites =
        IntStream.range(0, task.rounds().cohortLeast()).mapToObj(Integer::toString).toList();
    return new Shares(spec, sites, task.seed()).subsets().size();
  }

  /** What a submission would mean. */
  Coordination.DryRun dryRun(String yaml) throws RefusedException {
    TaskContext context = check(yaml);
    RoundsSpec rounds = context.task().rounds();
    PromotionSpec promotion = context.task().promotion();
    RoundBytes bytes =
        bytes(context.task(), context.network(), context.updates().cut(), context.rangeElements());
    int quorum =
        Protocols.rules(context.task())
            .protocol(Protocols.TRAIN)
            .phases()
            .get(0)
            .needed(rounds.cohortLeast());
    List<String> notes = new ArrayList<>();
    notes.add(
        "bytes are per site and round: a site fetches each new model once and sends one delta");
    notes.add(context.ranges() + " ranges of at most " + context.rangeElements() + " elements");
    notes.add(
        "asks sites to train and evaluate for at most "
            + rounds.max()
            + " rounds, then to test"
            + (promotion.isGated() ? "" : " and deploy")
            + " the best model by validation "
            + rounds.metric());
    if (promotion.isGated()) {
      notes.add(
          "sites deploy what "
              + (promotion.by() == PromotionSpec.By.RULE
                  ? "keeps the bound of " + promotion.metric() + " at every site"
                  : "a person approves and promotes here")
              + (promotion.rollout().isStaged() ? ", wave by wave" : ", all at once"));
    }
    notes.add(
        "a round starts with "
            + rounds.cohortLeast()
            + " ready sites of at least "
            + rounds.examplesLeast()
            + " training examples; with that many, a phase needs "
            + quorum
            + " replies");
    if (quorum > rounds.cohortLeast()) {
      notes.add(
          "rounds.quorum: a phase needs more replies than rounds.cohort-least promises sites, so"
              + " no round starts before "
              + quorum
              + " sites are ready");
    }
    if (rounds.isAsynchronous()) {
      notes.add("asynchronous: each " + rounds.buffer() + " updates make a version");
    }
    if (rounds.late().keeps()) {
      notes.add(
          "a late update counts up to "
              + rounds.late().most()
              + " versions behind, t versions behind scaled by 1/(1+t)^"
              + rounds.late().exponent());
    }
    if (context.task().model().budget().boundsPredictions()) {
      notes.add(
          "a site where a prediction takes more than "
              + context.task().model().budget().predictionMillis()
              + " ms is not ready and says so");
    }
    if (context.strategy().optimizer().isPresent()) {
      notes.add(
          "the coordinator keeps "
              + context.strategy().optimizer().get().vectors()
              + " vectors of the model's size with each version, for "
              + context.task().strategy().server().optimizer());
    }
    if (context.task().compression().isCoded()) {
      notes.add(
          "sites send updates as "
              + context.task().compression().encoding()
              + "; bytes up are those of numbers by chance, which pack no better");
    }
    if (context.task().compression().down().isPresent()) {
      notes.add(
          "sites get the change from version to version as "
              + context.task().compression().down().get().encoding()
              + ", which the bytes down are of, and a whole model only where they lack the version"
              + " before, as in the first round");
    }
    if (context.task().threshold() != null) {
      notes.add(
          "sites learn from parts that no label calls a defect; each fits a threshold of its own,"
              + " which stays there");
    }
    if (context.task().contribution() != null) {
      notes.add(
          "after training, sites train once more from the best model and judge "
              + modelsOfSubsets(context.task())
              + " models or more of subsets of sites, each as many bytes down; such a model"
              + " discloses updates to the other sites, so a site takes part only with"
              + " contribution.allowed = true");
    }
    notes.add("each site's update is disclosed to the coordinator");
    return new Coordination.DryRun(
        context.digest(),
        context.layout().text(),
        context.layout().size(),
        bytes.down(),
        bytes.up(),
        notes);
  }
}
