// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.fedwerk.api.Digest;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.Header;
import org.fedwerk.api.message.Metric;
import org.fedwerk.api.model.ModelVersion;
import org.fedwerk.api.task.DriftSpec;
import org.fedwerk.coordinator.internal.outgoing.Outgoing;
import org.fedwerk.coordinator.internal.replies.ReplyDesk;
import org.fedwerk.coordinator.internal.replies.ReplyRecord;
import org.fedwerk.coordinator.internal.round.Event;
import org.fedwerk.coordinator.internal.round.Place;
import org.fedwerk.coordinator.internal.round.Reply;
import org.fedwerk.coordinator.internal.round.RoundState;
import org.fedwerk.coordinator.internal.round.Stage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What sites say about one task: decides what becomes an event. Runner thread only. */
final class TaskInbox {
  private static final Logger LOG = LoggerFactory.getLogger(TaskInbox.class);

  private final TaskRunner runner;
  private final ReplyCheck check;
  private final Map<String, Body.Ready> said = new TreeMap<>();
  private final Map<String, Doing> doing = new HashMap<>();
  private final Map<String, Long> nudged = new HashMap<>();
  private final Map<String, Body.Drift> asked = new HashMap<>();
  private final long began;

  /** When drift opened rounds last, monotonic; null if it did not since start. */
  private @Nullable Long opened;

  /** What a site was last seen doing. */
  record Doing(Place place, String what, long at) {}

  TaskInbox(TaskRunner runner) {
    this.runner = runner;
    check = new ReplyCheck(runner.context());
    began = runner.now();
  }

  /** What sites said of the task since start. */
  Map<String, Body.Ready> said() {
    return said;
  }

  /** What a site was last seen doing in the current phase, or in one that it may answer late. */
  Optional<Doing> doing(String site) {
    return Optional.ofNullable(doing.get(site))
        .filter(
            seen ->
                seen.place().equals(runner.place())
                    || runner.round().late().owes(seen.place(), site));
  }

  /** The site is there again: it gets the task, the plan that holds, and what it is to deploy. */
  void sync(String site, Body.@Nullable TaskStanding standing) {
    taskAndPlan(site, standing);
    runner.models().synced(site, standing == null ? null : standing.deployed());
  }

  private void taskAndPlan(String site, Body.@Nullable TaskStanding standing) {
    spoke(site, false);
    runner.replies().again(site, runner.now());
    Stage stage = runner.stage();
    Digest best = runner.registry().best().version().digest();
    boolean done = standing != null && best.equals(standing.deployed());
    if (stage == Stage.FAILED || stage == Stage.ABORTED) {
      if (standing != null) {
        plan(site);
      }
      return;
    }
    if (stage == Stage.FINISHED && done) {
      return;
    }
    String yaml = runner.context().document().yaml();
    runner.send(site, Outgoing.NOWHERE, 0, new Body.TaskOffer(yaml));
    plan(site);
  }

  void running(String site, Header header, Body.Running running) {
    spoke(site, false);
    runner.models().reported(site, header.sequence(), running);
  }

  /** The site's parts are no longer like those it trained on. */
  void drift(String site, Header header, Body.Drift drift) {
    spoke(site, false);
    if (runner.context().task().drift() == null) {
      refuse("request for rounds of a task without drift", site, header);
      return;
    }
    if (runner.stage() == Stage.FINISHED && !rest().isZero()) {
      return; // it asks again while its parts drift
    }
    asked.put(site, drift);
    Stage before = runner.stage();
    SortedSet<String> asking = new TreeSet<>(runner.round().asking());
    asking.add(site);
    runner.accept(new Event.RoundsAsked(runner.now(), site, header.sequence(), header.round()));
    if (before == Stage.FINISHED && runner.stage() != Stage.FINISHED) {
      String line = "goes on with round " + runner.place().round() + ", as drift was found by ";
      runner.services().audit().record(runner.name() + " " + line + asking);
      LOG.info("task {} {}{}", runner.name(), line, asking);
      asked.clear();
      opened = runner.now();
    }
  }

  /** How long drift opens no rounds yet, since it did before; zero if it may. */
  Duration rest() {
    DriftSpec drift = runner.context().task().drift();
    Long since = opened;
    if (since == null && runner.registry().before() > 0) {
      since = began;
    }
    if (drift == null || since == null) {
      return Duration.ZERO;
    }
    Duration left = drift.rest().minusNanos(runner.now() - since);
    return left.isNegative() ? Duration.ZERO : left;
  }

  /** Why sites ask for rounds, for people. */
  Map<String, String> asked() {
    Map<String, String> words = new TreeMap<>();
    for (String site : runner.round().asking()) {
      Body.Drift drift = asked.get(site);
      words.put(site, drift == null ? "drift" : drift.method() + numbers(drift));
    }
    return words;
  }

  private static String numbers(Body.Drift drift) {
    StringBuilder words = new StringBuilder();
    for (Metric each : drift.metrics()) {
      words.append(' ').append(each.name()).append(' ');
      words.append(String.format(Locale.ROOT, "%.3g", each.value()));
    }
    return words.toString();
  }

  private void plan(String site) {
    runner.publishTo(site);
  }

  void ready(String site, Header header, Body.Ready ready) {
    said.put(site, ready);
    runner.offered(site, ready.train());
    runner.accept(
        new Event.SiteReady(runner.now(), site, header.sequence(), ready.willing(), ready.train()));
    if (runner.stage() == Stage.FINISHED && ready.willing()) {
      plan(site);
    }
  }

  void leave(String site, Header header, Body.Leave leave) {
    if (header.epoch() != runner.services().outgoing().epoch()) {
      refuse("leave of another epoch", site, header);
      return;
    }
    spoke(site, false);
    runner.accept(
        new Event.SiteLeft(
            runner.now(),
            site,
            header.sequence(),
            place(header),
            leave.wholeTask(),
            "left: " + leave.reason()));
  }

  void progress(String site, Header header, Body.Progress progress) {
    Place place = place(header);
    if (runner.round().late().owes(place, site)) {
      // It does not answer the open phase meanwhile, and nobody need wait for that.
      String what = words(progress) + " of round " + place.round();
      doing.put(site, new Doing(place, what, runner.now()));
      runner.replies().spoke(site);
      return;
    }
    boolean current = place.equals(runner.place()) && runner.stage() == Stage.COLLECTING;
    if (current) {
      doing.put(site, new Doing(place, words(progress), runner.now()));
    }
    spoke(site, current);
  }

  private static String words(Body.Progress progress) {
    String total = progress.total() > 0 ? "/" + progress.total() : "";
    String counts = progress.done() + total;
    return switch (progress.stage()) {
      case "fetching", "sending" -> progress.stage() + " " + counts + " chunks";
      case "training" -> "training step " + counts;
      case "evaluating" -> "evaluating " + counts + " examples";
      default -> progress.stage() + " " + counts;
    };
  }

  void fetch(String site, Header header, Body.Fetch fetch) {
    spoke(site, runner.stage() == Stage.COLLECTING);
    List<Digest> allowed = fetch.digests().stream().filter(runner::serves).toList();
    if (allowed.size() < fetch.digests().size()) {
      refuse("fetch of a chunk that is of no current model", site, header);
    }
    runner
        .services()
        .sender()
        .ask(site, runner.context().digest(), allowed, bytes -> runner.book().down(bytes));
  }

  void chunk(String site, byte[] bytes) {
    ReplyDesk.Outcome outcome = runner.replies().chunk(site, bytes, runner.now());
    if (outcome instanceof ReplyDesk.Outcome.Unasked) {
      runner.services().refusals().count("chunk that nobody asked for", "site " + site, "");
      return;
    }
    spoke(site, true);
    act(site, 0, outcome);
  }

  void manifest(String site, Header header, Digest body, Body.Manifest manifest) {
    // Also a late reply is a sign of life, and an attempt may wait for nothing else.
    spoke(site, false);
    Place place = place(header);
    RoundState round = runner.round();
    long epoch = runner.services().outgoing().epoch();
    // Asked for before a takeover, it is the answer still; before a restore it may be to another
    // model, and then nobody is to blame.
    boolean older = header.epoch() < epoch;
    boolean later = header.epoch() > epoch;
    Optional<Reply> counted = later ? Optional.empty() : round.counted(place, site);
    if (counted.isPresent() && counted.get().manifest().equals(body)) {
      receipt(site, header, new Body.Receipt(body, true, ""));
    } else if (counted.isPresent() && !older) {
      turnDown(site, header, body, "another reply to this phase counts already", body.brief());
    } else if (!later && counted.isEmpty() && round.late().owes(place, site)) {
      check(site, header, body, manifest, Protocols.FOLD_AGGREGATE, startOf(place));
    } else if (later
        || counted.isPresent()
        || !place.equals(round.place())
        || round.stage() != Stage.COLLECTING) {
      over(site, header, body);
    } else if (!round.cohort().contains(site)) {
      turnDown(site, header, body, "not in the cohort", "");
    } else {
      spoke(site, true);
      Digest base = runner.model(runner.phase().model()).digest();
      check(site, header, body, manifest, runner.phase().fold(), base);
    }
  }

  private void over(String site, Header header, Digest body) {
    runner.services().refusals().count("reply to a phase that is over", "site " + site, "");
    receipt(site, header, new Body.Receipt(body, false, "over"));
  }

  /** The model that the plan of an earlier round started from, committed or not. */
  private Digest startOf(Place place) {
    return runner.registry().models().stream()
        .filter(model -> model.version() == place.round())
        .map(ModelVersion::base)
        .findFirst()
        .orElseGet(() -> runner.registry().base().version().digest());
  }

  private void check(
      String site, Header header, Digest body, Body.Manifest manifest, String fold, Digest base) {
    Place place = place(header);
    Optional<String> why = check.why(fold, base, manifest);
    if (why.isPresent() && header.epoch() < runner.services().outgoing().epoch()) {
      over(site, header, body);
    } else if (why.isPresent()) {
      turnDown(site, header, body, "reply does not fit the plan", why.get());
      lost(site, header.sequence(), place, why.get());
    } else {
      ReplyRecord record = ReplyRecord.of(site, manifest);
      act(site, header.sequence(), runner.replies().offer(record, place, body, runner.now()));
    }
  }

  private void act(String site, long sequence, ReplyDesk.Outcome outcome) {
    if (outcome instanceof ReplyDesk.Outcome.Complete complete) {
      runner.accept(new Event.ReplyComplete(runner.now(), complete.place(), complete.reply()));
    } else if (outcome instanceof ReplyDesk.Outcome.Bad bad) {
      count("reply does not fit the plan", site, bad.reason());
      runner.send(
          site, bad.place(), sequence, new Body.Receipt(bad.manifest(), false, bad.reason()));
      lost(site, sequence, bad.place(), bad.reason());
    }
  }

  /** The site sends this reply no more, so the phase need not wait for it. */
  private void lost(String site, long sequence, Place place, String why) {
    long newest = runner.round().heard().getOrDefault(site, 0L);
    runner.accept(
        new Event.SiteLeft(
            runner.now(),
            site,
            Math.max(sequence, newest + 1),
            place,
            false,
            "reply refused: " + why));
  }

  private void turnDown(String site, Header header, Digest manifest, String reason, String detail) {
    count(reason, site, detail);
    String words = detail.isEmpty() ? reason : reason + ": " + detail;
    receipt(site, header, new Body.Receipt(manifest, false, words));
  }

  private void count(String reason, String site, String detail) {
    runner.services().refusals().count(reason, "site " + site, detail);
    String line = runner.name() + " " + runner.place() + " site " + site + ": " + reason;
    runner.services().audit().record(detail.isEmpty() ? line : line + ": " + detail);
  }

  private void receipt(String site, Header header, Body.Receipt receipt) {
    runner.send(site, place(header), header.sequence(), receipt);
  }

  private void refuse(String reason, String site, Header header) {
    runner.services().refusals().count(reason, "site " + site, place(header).toString());
  }

  private void spoke(String site, boolean working) {
    runner.replies().spoke(site);
    runner.accept(new Event.Spoke(runner.now(), site, working));
  }

  /** Time went on: asks again for what did not come, and reminds silent sites of the plan. */
  void tick() {
    long now = runner.now();
    runner.replies().tick(now);
    if (runner.stage() == Stage.COLLECTING && !runner.round().isPaused()) {
      RoundState round = runner.round();
      long patience = runner.phase().stall().toNanos() / 2;
      for (String site : round.cohort()) {
        long last = Math.max(runner.seen(site), nudged.getOrDefault(site, Long.MIN_VALUE));
        boolean asked = !round.replies().containsKey(site) && !round.left().containsKey(site);
        if (asked && now - last >= patience) {
          nudged.put(site, now);
          plan(site);
        }
      }
    }
    runner.accept(new Event.Tick(now));
    runner.models().tick();
  }

  /** The link was cut and is there again: patience begins anew, task and plan go out again. */
  void linkBack() {
    runner.accept(new Event.Restarted(runner.now()));
    if (!runner.round().isOver()) {
      offer();
    }
    runner.publish();
    runner.models().assignAll();
  }

  /** Offers the task to all. */
  void offer() {
    Digest task = runner.context().digest();
    Body offer = new Body.TaskOffer(runner.context().document().yaml());
    runner.services().outgoing().send(null, task, Outgoing.NOWHERE, 0, offer);
  }

  private static Place place(Header header) {
    return new Place(header.round(), header.attempt(), header.phase());
  }
}
