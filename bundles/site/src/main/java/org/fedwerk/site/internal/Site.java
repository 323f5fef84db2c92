// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.fedwerk.api.Digest;
import org.fedwerk.api.Refusal;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.Registration;
import org.fedwerk.api.codec.Codecs;
import org.fedwerk.api.data.Derivation;
import org.fedwerk.api.data.ExampleSource;
import org.fedwerk.api.data.PartData;
import org.fedwerk.api.data.PartListener;
import org.fedwerk.api.identity.Identity;
import org.fedwerk.api.learn.Architectures;
import org.fedwerk.api.learn.DriftDetection;
import org.fedwerk.api.learn.Engine;
import org.fedwerk.api.learn.Preparation;
import org.fedwerk.api.link.Link;
import org.fedwerk.api.message.SealedMessages;
import org.fedwerk.api.metric.DurationListener;
import org.fedwerk.api.metric.Measurement;
import org.fedwerk.api.metric.MetricSource;
import org.fedwerk.api.predict.LearningState;
import org.fedwerk.api.predict.Prediction;
import org.fedwerk.api.predict.PredictionSink;
import org.fedwerk.api.site.DataDeletion;
import org.fedwerk.api.site.SiteAgent;
import org.fedwerk.api.status.ClockWatch;
import org.fedwerk.api.status.StatusLine;
import org.fedwerk.api.status.StatusSource;
import org.fedwerk.api.store.DeletableData;
import org.fedwerk.api.store.Storage;
import org.fedwerk.api.task.TaskReader;
import org.fedwerk.site.internal.KnownTask.Approval;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;

/**
 * The site agent: predicts as soon as there are store and engine, and takes part in rounds while it
 * has a link.
 */
@Component(
    service = {
      Site.class,
      SiteAgent.class,
      PartListener.class,
      StatusSource.class,
      MetricSource.class
    },
    configurationPid = SiteSettings.PID,
    immediate = true)
@Designate(ocd = Config.class)
public final class Site
    implements SiteAgent, PartListener, StatusSource, MetricSource, AutoCloseable {
  private final SiteState state;
  private final SiteSettings settings;
  private final StateBoard board = new StateBoard();
  private final ServedStats stats = new ServedStats();
  private final TaskViews views;
  private final PhaseWork work;
  private final DriftWatch drift;
  private final PartPredictor predictor;
  private final SiteMeasurements measurements;
  private final ExampleSource examples;
  private final Engine engine;
  private final Preparation preparation;
  private final Clock clock;
  private final ClockWatch watch;
  private final LongSupplier nanoTime;
  private final Refusals refusals;
  private volatile @Nullable Conversation conversation;

  /** Wired by Declarative Services. */
  @Activate
  public Site(
      @Reference(target = "(" + Storage.KIND + "=" + Storage.FILES + ")") Storage storage,
      @Reference TaskReader reader,
      @Reference Architectures architectures,
      @Reference Codecs codecs,
      @Reference Preparation preparation,
      @Reference DriftDetection detection,
      @Reference Engine engine,
      @Reference Derivation derivation,
      @Reference ExampleSource examples,
      Config config) {
    this(
        storage,
        reader,
        architectures,
        codecs,
        preparation,
        detection,
        engine,
        derivation,
        examples,
        SiteSettings.of(config),
        Clock.systemUTC(),
        System::nanoTime);
  }

  /**
   * A site over its ports.
   *
   * @param clock wall clock: for records, and for the hours of rounds
   * @param nanoTime monotonic clock
   */
  public Site(
      Storage storage,
      TaskReader reader,
      Architectures architectures,
      Codecs codecs,
      Preparation preparation,
      DriftDetection detection,
      Engine engine,
      Derivation derivation,
      ExampleSource examples,
      SiteSettings settings,
      Clock clock,
      LongSupplier nanoTime) {
    this.settings = settings;
    this.examples = examples;
    this.engine = engine;
    this.preparation = preparation;
    this.clock = clock;
    this.watch = new ClockWatch(clock, nanoTime);
    this.nanoTime = nanoTime;
    this.refusals = new Refusals(nanoTime);
    this.state = SiteState.open(storage, reader, architectures, codecs, settings, clock);
    this.work = new PhaseWork(examples, preparation, engine, codecs, state, nanoTime);
    this.views = new TaskViews(state, examples, board, stats, work.budget());
    this.drift = new DriftWatch(detection, state.drift(), board);
    this.predictor =
        new PartPredictor(
            state.deployments(),
            derivation,
            preparation,
            engine,
            state.predictions(),
            board,
            stats,
            drift,
            settings.predictQueue(),
            "fedwerk-site-predict");
    this.measurements =
        new SiteMeasurements(state, board, predictor, work, stats, drift, refusals, nanoTime);
  }

  /** Begins to predict. */
  @Activate
  public void start() {
    for (KnownTask task : state.tasks().all()) {
      if (task.finished() && state.deployments().of(task.digest()).isPresent()) {
        board.learning(task.task().name(), LearningState.PROMOTED, "");
      }
    }
    predictor.start();
  }

  /** What is on disk. */
  SiteState state() {
    return state;
  }

  /** How the newest window of predicted parts of a task was judged; empty before the first. */
  Optional<DriftFinding> drift(Digest task) {
    return drift.last(task);
  }

  /**
   * Lets people delete what the site keeps, and ends a deletion that a kill interrupted.
   *
   * @param parts this site's
   */
  public DataDeletion deletions(DeletableData parts) {
    return new Deletions(parts, examples, state, board, clock);
  }

  /** Begins to take part in rounds. */
  public void connect(Identity identity, SealedMessages sealed, Link link) {
    connect(identity, sealed, link, SiteThreads.OWN);
  }

  /** Begins to take part in rounds, on the given executors. */
  public synchronized void connect(
      Identity identity, SealedMessages sealed, Link link, SiteThreads threads) {
    disconnect();
    conversation =
        new Conversation(
            state,
            work,
            stats,
            drift,
            new DriftReferences(examples, preparation, engine, state.drift()),
            new Readiness(
                examples,
                nanoTime,
                task -> state.gate().against(task).or(() -> closed().or(state.rounds()::full))),
            board,
            settings,
            refusals,
            identity,
            sealed,
            link,
            threads,
            nanoTime,
            () -> closed().isEmpty(),
            watch);
  }

  private Optional<String> closed() {
    return settings.hours().closed(clock.instant());
  }

  /** Takes part no more; prediction goes on. */
  public synchronized void disconnect() {
    Conversation before = conversation;
    if (before != null) {
      conversation = null;
      before.close();
    }
  }

  /** Adds a place that shows predictions. */
  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      unbind = "remove")
  public void add(PredictionSink sink) {
    board.add(sink);
  }

  /** Takes it away. */
  public void remove(PredictionSink sink) {
    board.remove(sink);
  }

  @Override
  public void closed(PartData part) {
    predictor.closed(part);
  }

  @Override
  public List<TaskView> tasks() {
    return views.all();
  }

  @Override
  public void approve(String name, String by) throws RefusedException {
    KnownTask task = state.tasks().named(name);
    List<Refusal> mismatches = examples.mismatches(task.task().schema());
    if (!mismatches.isEmpty()) {
      throw new RefusedException(mismatches);
    }
    decide(task, Approval.APPROVED, by, "");
  }

  @Override
  public void decline(String name, String by) throws RefusedException {
    decide(state.tasks().named(name), Approval.DECLINED, by, "declined by " + by);
  }

  @Override
  public List<ModelView> models(String name) throws RefusedException {
    KnownTask task = state.tasks().named(name);
    return ModelViews.of(state.deployments().history(task.digest()));
  }

  @Override
  public void rollBack(String name, String by) throws RefusedException {
    KnownTask task = state.tasks().named(name);
    state.deployments().rollBack(task, by);
    chosen(task);
  }

  @Override
  public void pin(String name, @Nullable String model, String by) throws RefusedException {
    KnownTask task = state.tasks().named(name);
    state.deployments().pin(task, model, by);
    chosen(task);
  }

  @Override
  public void release(String name, String by) throws RefusedException {
    KnownTask task = state.tasks().named(name);
    state.deployments().release(task, by);
    chosen(task);
  }

  private void chosen(KnownTask task) {
    String detail = state.deployments().describe(task);
    if (!detail.isEmpty()) {
      board.chosen(task.task().name(), detail);
    }
    Conversation now = conversation;
    if (now != null) {
      now.redeployed();
    }
  }

  private void decide(KnownTask task, Approval decision, String by, String why) {
    KnownTask decided = state.tasks().decide(task.digest(), decision, by, why);
    Conversation now = conversation;
    if (now != null) {
      now.decided(decided);
    }
  }

  @Override
  public List<EgressRecord> egress(int most) {
    return state.gate().newest(most);
  }

  @Override
  public Optional<Prediction> newest(String task) {
    return board.newest(task);
  }

  @Override
  public List<UsedExample> used(String name, String request) throws RefusedException {
    KnownTask task = state.tasks().named(name);
    return state
        .manifests()
        .newest(task.digest(), request)
        .orElseThrow(
            () ->
                new RefusedException(
                    "request",
                    "this site has not done a \"" + request + "\" of task " + task.task().name()))
        .examples();
  }

  @Override
  public long predictions() {
    return predictor.made();
  }

  @Override
  public List<Measurement> measurements() {
    return measurements.of(conversation);
  }

  @Override
  public Registration listen(DurationListener listener) {
    return predictor.durations().listen(listener);
  }

  @Override
  public List<StatusLine> status() {
    List<StatusLine> lines = new ArrayList<>();
    Conversation now = conversation;
    lines.add(
        now != null
            ? now.status()
            : new StatusLine(
                "site",
                StatusLine.State.WAITING,
                "has no identity and link yet; fedwerk:enrol joins a federation. Predictions go on"));
    var unused = watch.look();
    watch.line().ifPresent(lines::add);
    lines.addAll(views.lines());
    return lines;
  }

  @Override
  @Deactivate
  public void close() {
    disconnect();
    stop();
  }

  /** Ends what {@link #start()} began. */
  public void stop() {
    predictor.close();
  }
}
