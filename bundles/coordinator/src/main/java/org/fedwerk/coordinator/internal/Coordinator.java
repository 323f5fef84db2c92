// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.fedwerk.api.Digest;
import org.fedwerk.api.Refusal;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.aggregate.Aggregator;
import org.fedwerk.api.aggregate.ServerOptimizer;
import org.fedwerk.api.codec.Codecs;
import org.fedwerk.api.coordinator.Coordination;
import org.fedwerk.api.coordinator.ModelRegistry;
import org.fedwerk.api.identity.Identity;
import org.fedwerk.api.learn.Architectures;
import org.fedwerk.api.link.Link;
import org.fedwerk.api.message.Party;
import org.fedwerk.api.message.SealedMessages;
import org.fedwerk.api.metric.Measurement;
import org.fedwerk.api.metric.MetricSource;
import org.fedwerk.api.model.ModelVersion;
import org.fedwerk.api.status.StatusLine;
import org.fedwerk.api.status.StatusSource;
import org.fedwerk.api.store.Storage;
import org.fedwerk.api.task.TaskReader;
import org.fedwerk.coordinator.internal.outgoing.ChunkSender;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;

/**
 * The coordinator of a federation. Its work is done on one thread of its own, see {@link
 * RunnerThread}; what callers read is what that thread last showed.
 */
@Component(
    service = {Coordination.class, ModelRegistry.class, StatusSource.class, MetricSource.class},
    configurationPid = "org.fedwerk.coordinator")
@Designate(ocd = Config.class)
public final class Coordinator
    implements Coordination, ModelRegistry, StatusSource, MetricSource, AutoCloseable {
  private static final String SUBJECT = "coordinator";
  private static final int WORDS_MOST = 500;

  private final Ports ports;
  private final Refusals refusals;
  private final RunnerThread runner;
  private final TaskIntake intake;

  /** As a service. */
  @Activate
  public Coordinator(
      @Reference Link link,
      @Reference SealedMessages sealed,
      @Reference Identity identity,
      @Reference(target = "(" + Storage.KIND + "=" + Storage.FILES + ")") Storage storage,
      @Reference Architectures architectures,
      @Reference Codecs codecs,
      @Reference(
              cardinality = ReferenceCardinality.AT_LEAST_ONE,
              policyOption = ReferencePolicyOption.GREEDY)
          List<Aggregator> aggregators,
      @Reference(
              cardinality = ReferenceCardinality.MULTIPLE,
              policyOption = ReferencePolicyOption.GREEDY)
          List<ServerOptimizer> optimizers,
      @Reference TaskReader reader,
      Config config) {
    this(
        new Ports(
            link,
            sealed,
            identity,
            storage,
            architectures,
            codecs,
            aggregators,
            optimizers,
            reader,
            System::nanoTime,
            Clock.systemUTC()),
        settings(config));
  }

  /** In plain Java; {@link #start} begins the work. */
  public Coordinator(Ports ports, Settings settings) {
    this.ports = ports;
    refusals = new Refusals(ports.nanos());
    intake = new TaskIntake(ports, settings.rangeElements());
    runner = new RunnerThread(ports, settings, refusals);
  }

  private static Settings settings(Config config) {
    try {
      return new Settings(
          Duration.ofMillis(config.tick_millis()),
          Duration.ofMillis(config.refetch_millis()),
          config.range_elements(),
          config.queue_messages(),
          config.queue_bytes(),
          config.audit_records(),
          config.queue_orders(),
          new ChunkSender.Pace(
              config.chunks_in_flight(), config.chunks_in_flight_all(), config.chunks_waiting()));
    } catch (IllegalArgumentException outside) {
      throw new IllegalArgumentException(
          "org.fedwerk.coordinator: " + outside.getMessage(), outside);
    }
  }

  /** Starts the runner's thread and listens to the link. Does not wait for either. */
  @Activate
  public void start() {
    if (ports.identity().self().role() != Party.Role.COORDINATOR) {
      throw new IllegalStateException(
          "this process is enrolled as "
              + ports.identity().self()
              + "; the coordinator room belongs to a process enrolled as coordinator");
    }
    runner.start();
  }

  /** Stops listening, ends the thread and waits for it. State is on disk; nothing is sent. */
  @Override
  @Deactivate
  public void close() {
    runner.close();
  }

  @Override
  public DryRun dryRun(String yaml) throws RefusedException {
    return intake.dryRun(yaml);
  }

  @Override
  public Digest submit(String yaml) throws RefusedException {
    return wait(runner.submit(yaml), "the task was not submitted");
  }

  @Override
  public void pause(String task, String by) throws RefusedException {
    order(task, Orders.Kind.PAUSE, by, "");
  }

  @Override
  public void resume(String task, String by) throws RefusedException {
    order(task, Orders.Kind.RESUME, by, "");
  }

  @Override
  public void abort(String task, String by, String reason) throws RefusedException {
    order(task, Orders.Kind.ABORT, by, reason);
  }

  @Override
  public void retry(String task, String by) throws RefusedException {
    order(task, Orders.Kind.RETRY, by, "");
  }

  private void order(String task, Orders.Kind kind, String by, String reason)
      throws RefusedException {
    Orders.Order order = new Orders.Order(kind, line(by), line(reason));
    wait(runner.order(find(task).run().digest(), order), "the order was not followed");
  }

  /** What sites read must be one line of bounded length, without control characters. */
  private static String line(String text) {
    String plain = text.replaceAll("\\p{Cntrl}", " ").strip();
    return plain.length() <= WORDS_MOST ? plain : plain.substring(0, WORDS_MOST) + " ...";
  }

  private static <T> T wait(CompletableFuture<T> answer, String otherwise) throws RefusedException {
    try {
      return answer.join();
    } catch (CompletionException failed) {
      if (failed.getCause() instanceof RefusedException refused) {
        throw refused;
      }
      throw new IllegalStateException(otherwise + ": " + failed.getMessage(), failed);
    }
  }

  @Override
  public List<SiteView> sites() {
    Snapshot now = runner.snapshot();
    Map<String, String> keys = new TreeMap<>();
    for (Identity.Peer peer : ports.identity().roster()) {
      if (peer.party().role() == Party.Role.SITE && !peer.revoked()) {
        keys.put(peer.party().id(), peer.keyId());
      }
    }
    TreeSet<String> ids = new TreeSet<>(keys.keySet());
    ids.addAll(now.sites().keySet());
    List<SiteView> views = new ArrayList<>();
    for (String id : ids) {
      SiteBook.Heard heard = now.sites().get(id);
      Map<String, String> tasks = new TreeMap<>();
      boolean away = false;
      for (Snapshot.TaskFacts task : now.tasks()) {
        String said = task.said().get(id);
        if (said != null) {
          tasks.put(task.run().name(), said);
        }
        away |= task.away().contains(id);
      }
      views.add(
          new SiteView(
              id,
              keys.getOrDefault(id, ""),
              heard != null && !away,
              Optional.ofNullable(heard)
                  .map(seen -> Duration.ofNanos(ports.nanos().getAsLong() - seen.at())),
              heard == null ? "" : heard.software(),
              tasks));
    }
    return views;
  }

  @Override
  public List<TaskRun> tasks() {
    return runner.snapshot().tasks().stream().map(Snapshot.TaskFacts::run).toList();
  }

  @Override
  public List<RoundRecord> rounds(String task) throws RefusedException {
    return find(task).history().get();
  }

  @Override
  public List<ModelVersion> models(String task) throws RefusedException {
    return find(task).models();
  }

  @Override
  public List<Act> acts(String task) throws RefusedException {
    return find(task).acts();
  }

  @Override
  public List<ModelRegistry.Version> versions(String task) throws RefusedException {
    return find(task).versions();
  }

  @Override
  public Optional<ModelRegistry.Rollout> rollout(String task) throws RefusedException {
    return find(task).rollout();
  }

  @Override
  public void approve(String task, int version, String by) throws RefusedException {
    order(task, ModelOrder.Kind.APPROVE, version, by, "");
  }

  @Override
  public void promote(String task, int version, String by) throws RefusedException {
    order(task, ModelOrder.Kind.PROMOTE, version, by, "");
  }

  @Override
  public void retire(String task, int version, String by, String reason) throws RefusedException {
    order(task, ModelOrder.Kind.RETIRE, version, by, reason);
  }

  @Override
  public void pass(String task, String by, String reason) throws RefusedException {
    order(task, ModelOrder.Kind.PASS, 0, by, reason);
  }

  @Override
  public void back(String task, String by, String reason) throws RefusedException {
    order(task, ModelOrder.Kind.BACK, 0, by, reason);
  }

  private void order(String task, ModelOrder.Kind kind, int version, String by, String reason)
      throws RefusedException {
    ModelOrder order = new ModelOrder(kind, version, line(by), line(reason));
    wait(runner.order(find(task).run().digest(), order), "the order was not followed");
  }

  private Snapshot.TaskFacts find(String task) throws RefusedException {
    List<Snapshot.TaskFacts> found =
        runner.snapshot().tasks().stream()
            .filter(
                facts ->
                    facts.run().name().equals(task)
                        || (task.length() >= 6 && facts.run().digest().hex().startsWith(task)))
            .toList();
    if (found.size() == 1) {
      return found.get(0);
    }
    throw new RefusedException(
        List.of(
            new Refusal(
                "task",
                0,
                found.isEmpty()
                    ? "no task is named \"" + task + "\"; list them with fedwerk:rounds"
                    : found.size()
                        + " tasks are named \""
                        + task
                        + "\"; use digits of the digest instead")));
  }

  @Override
  public List<StatusLine> status() {
    Snapshot now = runner.snapshot();
    List<StatusLine> lines = new ArrayList<>();
    lines.add(self(now));
    now.clock().ifPresent(lines::add);
    for (Snapshot.TaskFacts task : now.tasks()) {
      lines.add(task.status());
      ModelStatus.of(task).ifPresent(lines::add);
    }
    now.unreadable()
        .forEach(
            (brief, why) ->
                lines.add(
                    new StatusLine(
                        "task " + brief,
                        StatusLine.State.DEGRADED,
                        "cannot go on with this program: " + why)));
    return lines;
  }

  @Override
  public List<Measurement> measurements() {
    return CoordinatorMeasurements.of(runner.snapshot(), refusals, runner.load());
  }

  private StatusLine self(Snapshot now) {
    Optional<String> trouble = runner.trouble();
    if (trouble.isPresent()) {
      return new StatusLine(SUBJECT, StatusLine.State.DOWN, trouble.get());
    }
    if (!runner.isReady()) {
      return new StatusLine(SUBJECT, StatusLine.State.STARTING, "reads its journals");
    }
    if (!ports.link().isConnected()) {
      return new StatusLine(
          SUBJECT,
          StatusLine.State.DEGRADED,
          "the link is cut; rounds wait and no site is blamed for silence");
    }
    String dropped = runner.dropped() == 0 ? "" : "; " + runner.dropped() + " dropped, queue full";
    String unsent = now.unsent() == 0 ? "" : "; " + now.unsent() + " messages not sent";
    return new StatusLine(
        SUBJECT, StatusLine.State.READY, refusals.summary() + runner.depth() + dropped + unsent);
  }
}
