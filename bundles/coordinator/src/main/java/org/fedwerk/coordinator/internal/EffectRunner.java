// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fedwerk.api.message.Body;
import org.fedwerk.coordinator.internal.blobs.ModelVectors;
import org.fedwerk.coordinator.internal.registry.Registry;
import org.fedwerk.coordinator.internal.registry.StoredModel;
import org.fedwerk.coordinator.internal.replies.ReplyRecord;
import org.fedwerk.coordinator.internal.round.Effect;
import org.fedwerk.coordinator.internal.round.Event;
import org.fedwerk.coordinator.internal.round.Place;
import org.fedwerk.coordinator.internal.round.Reply;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what the round engine asks for: tells sites, chooses cohorts, folds and commits, and reports
 * what came of it as the next event. Each effect may run twice. Runner thread only.
 */
final class EffectRunner {
  private static final Logger LOG = LoggerFactory.getLogger(EffectRunner.class);

  private final TaskRunner runner;
  private final TaskJournal journal;
  private final RoundBlobs blobs;
  private final PlanSender sender;
  private final PhaseFolds folds;
  private final SubsetFolds subsets;
  private final RoundCommit commit;
  private final CohortChoice cohorts;
  private final Map<String, Integer> examples = new HashMap<>();

  EffectRunner(
      TaskRunner runner,
      TaskJournal journal,
      RoundBlobs blobs,
      ModelVectors vectors,
      PlanSender sender) {
    this.runner = runner;
    this.journal = journal;
    this.blobs = blobs;
    this.sender = sender;
    TaskContext context = runner.context();
    folds = new PhaseFolds(context, runner.services().codecs(), vectors, runner.blobs());
    subsets = new SubsetFolds(context, folds, runner.blobs());
    commit = new RoundCommit(context, runner.book());
    cohorts = new CohortChoice(context.task().rounds(), context.task().seed());
  }

  /** A site named its training examples; a choice by freshness reads it. */
  void offered(String site, int trainingExamples) {
    examples.put(site, trainingExamples);
  }

  void run(Effect effect) {
    if (effect instanceof Effect.Announce announce) {
      announce(announce);
    } else if (effect instanceof Effect.Inform) {
      sender.inform(runner.round());
    } else if (effect instanceof Effect.Choose choose) {
      choose(choose);
    } else if (effect instanceof Effect.Accept accept) {
      Reply reply = accept.reply();
      sender.send(reply.site(), accept.place(), 0, new Body.Receipt(reply.manifest(), true, ""));
    } else if (effect instanceof Effect.Refuse refuse) {
      Reply reply = refuse.reply();
      blobs.discard(List.of(reply), List.of());
      Body receipt = new Body.Receipt(reply.manifest(), false, refuse.reason());
      sender.send(reply.site(), refuse.place(), 0, receipt);
    } else if (effect instanceof Effect.Fold fold) {
      fold(fold);
    } else if (effect instanceof Effect.Commit ready) {
      commit(ready);
    } else if (effect instanceof Effect.Discard discard) {
      blobs.discard(discard.replies(), discard.products());
    } else if (effect instanceof Effect.Finish finish) {
      LOG.info("task {} is finished", runner.name());
      sender.finish(finish.place(), finish.cohort());
    } else if (effect instanceof Effect.Fail fail) {
      LOG.error(
          "task {} ended in round {}: {}", runner.name(), fail.place().round(), fail.reason());
      sender.stop(fail.place(), runner.round());
    } else if (effect instanceof Effect.Raise raise) {
      runner.accept(raise.event());
    }
  }

  private void announce(Effect.Announce announce) {
    Place place = announce.place();
    runner.replies().clear(runner.round().late()::owes);
    blobs.keepNewest(runner.round());
    if (place.phase() == 0 && runner.book().open(place)) {
      journal.opened(place, runner.services().clock().instant());
      LOG.info(
          "task {}: round {} ({}) begins with {}",
          runner.name(),
          place.round(),
          announce.protocol(),
          announce.cohort());
    }
    sender.announce(runner.round(), place, announce.phase(), announce.cohort());
  }

  private void choose(Effect.Choose choose) {
    Map<String, Integer> fresh = CohortChoice.fresh(examples, runner.registry().models());
    List<String> chosen =
        cohorts.choose(choose.place(), choose.candidates(), site -> fresh.getOrDefault(site, 0));
    runner.accept(new Event.CohortChosen(runner.now(), choose.place(), chosen));
  }

  private void fold(Effect.Fold fold) {
    runner.replies().clear(runner.round().late()::owes);
    Place place = fold.place();
    try {
      SubsetFolds.Made made = made(fold);
      runner.accept(
          new Event.Folded(runner.now(), place, blobs.keep(made.product()), made.models()));
    } catch (ArithmeticException | IllegalArgumentException refused) {
      LOG.warn("task {}: {} came to nothing: {}", runner.name(), place, refused.getMessage());
      runner.accept(
          new Event.FoldFailed(runner.now(), place, String.valueOf(refused.getMessage())));
    }
  }

  private SubsetFolds.Made made(Effect.Fold fold) {
    List<ReplyRecord> records = read(fold.replies());
    Place place = fold.place();
    return switch (fold.phase().fold()) {
      case Protocols.FOLD_SUBSETS -> subsets.first(start(place), records);
      case Protocols.FOLD_SUBSET ->
          subsets.next(
              start(place),
              place.phase() - 1,
              records,
              read(runner.round().closed().get(0).replies()));
      default -> new SubsetFolds.Made(product(fold, records), 1);
    };
  }

  private PhaseProduct product(Effect.Fold fold, List<ReplyRecord> records) {
    List<PhaseFolds.LateUpdate> late =
        fold.late().stream()
            .map(each -> new PhaseFolds.LateUpdate(each.place().round(), blobs.read(each.reply())))
            .toList();
    return folds.fold(
        fold.phase().fold(),
        nextVersion(fold.place()),
        runner.model(fold.phase().model()),
        known(runner.registry().base()),
        records,
        late);
  }

  private SubsetFolds.Start start(Place place) {
    StoredModel best = runner.registry().best();
    return new SubsetFolds.Start(nextVersion(place), best.reference(), known(best));
  }

  private List<ReplyRecord> read(List<Reply> replies) {
    return replies.stream().map(blobs::read).toList();
  }

  private PhaseFolds.Known known(StoredModel base) {
    return new PhaseFolds.Known(base.state(), runner.registry().contributed().keySet());
  }

  /** The round's number, but for rounds after one whose model was adopted and not made here. */
  private int nextVersion(Place place) {
    return Math.max(place.round(), runner.registry().newest().version().version() + 1);
  }

  private void commit(Effect.Commit effect) {
    Registry registry = runner.registry();
    int round = effect.place().round();
    if (registry.round(round).isEmpty()) {
      List<PhaseProduct> products =
          effect.closed().stream().map(closed -> blobs.product(closed.product())).toList();
      RoundCommit.Result result = commit.result(effect, products, registry);
      registry.commit(result.round(), result.made());
      LOG.info("task {}: {}", runner.name(), commit.line(result.round()));
    }
    runner.book().close();
    Optional<String> next = commit.next(effect.protocol(), registry);
    runner.models().committed(next.map(Protocols::isAfterTraining).orElse(true));
    runner.accept(new Event.Committed(runner.now(), round, next));
  }
}
