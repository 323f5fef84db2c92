// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.identity.Identity;
import org.fedwerk.api.link.Address;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.Header;
import org.fedwerk.api.message.Kind;
import org.fedwerk.api.message.Message;
import org.fedwerk.api.status.StatusLine;
import org.fedwerk.api.store.Storage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The coordinator without threads: opens messages and hands each to the task it is about. A task
 * that meets trouble with its store rests until the next tick and is then read anew from its
 * journal. All calls come from one thread, the runner's; a simulation is such a thread too.
 */
public final class Desk {
  private static final Logger LOG = LoggerFactory.getLogger(Desk.class);
  private static final String ROOM = "coordinator/";

  private final Ports ports;
  private final TaskIntake intake;
  private final TaskBook book;
  private final TaskServices services;
  private final Refusals refusals;
  private final SiteBook sites = new SiteBook();
  private final Map<Digest, Desked> tasks = new LinkedHashMap<>();
  private final Map<String, String> unreadable = new TreeMap<>();
  private boolean cut;

  /** One task here. */
  private static final class Desked {
    private final TaskRunner runner;
    private final TaskInbox inbox;
    private final TaskView view;
    private String trouble = "";

    /** What is asked before a restored task goes on. */
    private Optional<Recovery> recovery = Optional.empty();

    Desked(TaskRunner runner, SiteBook sites, Identity identity) {
      this.runner = runner;
      inbox = new TaskInbox(runner);
      view = new TaskView(runner, inbox, sites, identity);
    }
  }

  /**
   * Reads its state; nothing is sent before {@link #resume}.
   *
   * @param runner runs what the link's own threads report, on the thread of all other calls
   */
  public Desk(Ports ports, Settings settings, Refusals refusals, Executor runner) {
    this.ports = ports;
    this.refusals = refusals;
    intake = new TaskIntake(ports, settings.rangeElements());
    Storage storage = ports.storage();
    book = new TaskBook(storage.journal(ROOM + "tasks"), storage.epoch());
    Sequence sequence = new Sequence(storage.journal(ROOM + "sequence"));
    Outgoing outgoing =
        new Outgoing(ports.link(), ports.sealed(), ports.identity(), sequence, book.epoch());
    services =
        new TaskServices(
            outgoing,
            new ChunkSender(outgoing, storage.blobs(), runner),
            new NewestHeard(),
            new Patience(ports.link(), settings.refetch()),
            new BlobKeeper(storage.blobs()),
            storage,
            ports.architectures(),
            refusals,
            new AuditTrail(storage.journal(ROOM + "audit"), settings.auditRecords(), ports.clock()),
            settings,
            ports.nanos(),
            ports.clock());
    for (TaskBook.Entry entry : book.entries()) {
      open(entry);
    }
  }

  private void open(TaskBook.Entry entry) {
    try {
      TaskContext context = intake.context(entry);
      if (!tasks.containsKey(context.digest())) {
        tasks.put(context.digest(), desked(context));
      }
    } catch (RefusedException refused) {
      String brief =
          Digest.of(entry.yaml().getBytes(java.nio.charset.StandardCharsets.UTF_8)).brief();
      unreadable.put(brief, String.valueOf(refused.getMessage()));
      LOG.error("task {} cannot go on with this program: {}", brief, refused.getMessage());
    }
  }

  private Desked desked(TaskContext context) {
    return new Desked(new TaskRunner(context, services), sites, ports.identity());
  }

  /** Goes on where the journals end; after a restore sites are asked first. */
  public void resume() {
    for (Desked task : tasks.values()) {
      if (ports.storage().isRestored() && !task.runner.round().isOver()) {
        task.recovery = Optional.of(new Recovery(task.runner));
      } else {
        guard(task, task.runner::resume);
      }
    }
    settleIfRecovered();
  }

  /** What a restored task asks; goes on with the task once that is answered. */
  private void recover(Desked task, Consumer<Recovery> step) {
    guard(
        task,
        () -> {
          Recovery recovery = task.recovery.orElseThrow();
          step.accept(recovery);
          if (!recovery.isOpen()) {
            task.recovery = Optional.empty();
            task.runner.resume();
            task.inbox.linkBack();
            settleIfRecovered();
          }
        });
  }

  private void settleIfRecovered() {
    if (ports.storage().isRestored()
        && tasks.values().stream().allMatch(task -> task.recovery.isEmpty())) {
      ports.storage().settled();
    }
  }

  /** Submits a task and offers it. */
  public Digest submit(String yaml) throws RefusedException {
    TaskContext context = intake.check(yaml);
    if (tasks.containsKey(context.digest())) {
      return context.digest();
    }
    String name = context.task().name();
    for (Desked other : tasks.values()) {
      if (!other.runner.round().isOver() && other.runner.name().equals(name)) {
        throw new RefusedException(
            "name", "a task \"" + name + "\" is not finished yet; use another name");
      }
    }
    book.add(new TaskBook.Entry(yaml, context.rangeElements()));
    Desked task = desked(context);
    tasks.put(context.digest(), task);
    LOG.info("task {} submitted, digest {}", name, context.digest().brief());
    guard(task, task.runner::resume);
    guard(task, task.inbox::offer);
    return context.digest();
  }

  /**
   * Follows a person's order about a task.
   *
   * @throws RefusedException if the task is not here or its state does not allow it
   */
  public void order(Digest digest, Orders.Order order) throws RefusedException {
    Desked task = ordered(digest);
    if (task.recovery.isPresent()) {
      restored(task, task.recovery.get(), order);
      return;
    }
    if (order.kind() == Orders.Kind.RETRY) {
      retried(task);
    }
    follow(task, () -> task.runner.order(order));
    if (order.kind() == Orders.Kind.RETRY) {
      guard(task, task.inbox::offer);
    }
  }

  /**
   * Follows a person's order about a task's models.
   *
   * @throws RefusedException if the task is not here or the state of its models does not allow it
   */
  public void order(Digest digest, ModelOrder order) throws RefusedException {
    Desked task = ordered(digest);
    if (task.recovery.isPresent()) {
      throw new RefusedException(
          "task", task.runner.name() + " was " + task.recovery.get().words());
    }
    follow(task, () -> task.runner.models().order(order));
  }

  /** A task of a restored coordinator goes on only when it is resumed. */
  private void restored(Desked task, Recovery recovery, Orders.Order order)
      throws RefusedException {
    if (order.kind() != Orders.Kind.RESUME) {
      throw new RefusedException("task", task.runner.name() + " was " + recovery.words());
    }
    services
        .audit()
        .record(task.runner.name() + " goes on by " + order.by() + ", was " + recovery.words());
    recover(task, Recovery::proceed);
  }

  private Desked ordered(Digest digest) throws RefusedException {
    Desked task = tasks.get(digest);
    if (task == null) {
      throw new RefusedException("task", digest.brief() + " is not here any more");
    }
    if (!task.trouble.isEmpty()) {
      throw new RefusedException(
          "task", task.runner.name() + " rests, its state cannot be written: " + task.trouble);
    }
    return task;
  }

  private interface Following {
    void follow() throws RefusedException;
  }

  private static void follow(Desked task, Following order) throws RefusedException {
    RefusedException[] refused = new RefusedException[1];
    guard(
        task,
        () -> {
          try {
            order.follow();
          } catch (RefusedException no) {
            refused[0] = no;
          }
        });
    if (refused[0] != null) {
      throw refused[0];
    }
    if (!task.trouble.isEmpty()) {
      throw new RefusedException(
          "task",
          task.runner.name() + " could not follow, its state cannot be written: " + task.trouble);
    }
  }

  private void retried(Desked task) throws RefusedException {
    for (Desked other : tasks.values()) {
      if (other != task
          && !other.runner.round().isOver()
          && other.runner.name().equals(task.runner.name())) {
        throw new RefusedException(
            "task",
            "another task \""
                + other.runner.name()
                + "\" is not finished yet, "
                + other.runner.context().digest().brief()
                + "; abort it first, or submit this one under another name");
      }
    }
  }

  /** The link is there. */
  public void connected() {
    cut = false;
    for (Desked task : tasks.values()) {
      guard(task, task.recovery.isPresent() ? task.inbox::offer : task.inbox::linkBack);
    }
  }

  /** A message came. */
  public void received(Address address, byte[] payload) {
    String site = address.site();
    if (site == null
        || address.branch() != Address.Branch.FROM
        || !address.federation().equals(ports.identity().federation())) {
      refusals.count("message on a topic that is not a site's", "the link", address.topic());
      return;
    }
    if (address.kind() == Kind.CHUNK) {
      chunk(site, address, payload);
      return;
    }
    Message message;
    try {
      message = ports.sealed().open(address, payload);
    } catch (RefusedException refused) {
      String where = refused.refusals().isEmpty() ? "message" : refused.refusals().get(0).where();
      String detail = String.valueOf(refused.getMessage());
      refusals.count(address.kind().word() + " not opened: " + where, "site " + site, detail);
      return;
    }
    long now = ports.nanos().getAsLong();
    sites.heard(site, now);
    Header header = message.header();
    services.heard().heard(site, header.sequence());
    if (message.body() instanceof Body.Sync sync) {
      sites.software(site, now, sync.software());
      tasks.values().forEach(task -> sync(task, site, sync));
      return;
    }
    Digest about = header.task();
    Desked task = about == null ? null : tasks.get(about);
    if (about == null || task == null || !about.brief().equals(address.task())) {
      refusals.count(
          address.kind().word() + " about a task that is not known here",
          "site " + site,
          address.task());
      return;
    }
    task.runner.book().up(payload.length);
    if (task.recovery.isPresent()) {
      return; // until it is known where the task stands, nothing but that is heard
    }
    guard(task, () -> dispatch(task.inbox, site, message, payload));
  }

  private void chunk(String site, Address address, byte[] payload) {
    for (Desked task : tasks.values()) {
      if (task.runner.context().digest().brief().equals(address.task())) {
        sites.heard(site, ports.nanos().getAsLong());
        task.runner.book().up(payload.length);
        if (task.recovery.isPresent()) {
          recover(task, recovery -> recovery.chunk(payload));
        } else {
          guard(task, () -> task.inbox.chunk(site, payload));
        }
        return;
      }
    }
    refusals.count("chunk that nobody asked for", "site " + site, address.task());
  }

  private void sync(Desked task, String site, Body.Sync sync) {
    Digest digest = task.runner.context().digest();
    Optional<Body.TaskStanding> standing =
        sync.tasks().stream().filter(known -> known.task().equals(digest)).findFirst();
    if (task.recovery.isPresent()) {
      recover(task, recovery -> recovery.heard(site, standing));
    } else {
      guard(task, () -> task.inbox.sync(site, standing.orElse(null)));
    }
  }

  private void dispatch(TaskInbox inbox, String site, Message message, byte[] payload) {
    Header header = message.header();
    Body body = message.body();
    if (body instanceof Body.Ready ready) {
      inbox.ready(site, header, ready);
    } else if (body instanceof Body.Progress progress) {
      inbox.progress(site, header, progress);
    } else if (body instanceof Body.Manifest manifest) {
      inbox.manifest(site, header, ports.sealed().bodyDigest(payload), manifest);
    } else if (body instanceof Body.Leave leave) {
      inbox.leave(site, header, leave);
    } else if (body instanceof Body.Fetch fetch) {
      inbox.fetch(site, header, fetch);
    } else if (body instanceof Body.Running running) {
      inbox.running(site, header, running);
    } else {
      refusals.count(header.kind().word() + " is not for a coordinator", "site " + site, "");
    }
  }

  /** Time went on. While the link is cut nobody can be blamed for silence. */
  public void tick() {
    for (Desked task : tasks.values()) {
      if (!task.trouble.isEmpty()) {
        String before = task.trouble;
        task.trouble = "";
        if (task.recovery.isEmpty()) {
          guard(task, task.runner::reload, before);
        }
      }
    }
    if (!ports.link().isConnected()) {
      cut = true;
    } else if (cut) {
      connected();
    } else {
      for (Desked task : tasks.values()) {
        if (task.recovery.isPresent()) {
          recover(task, Recovery::tick);
        } else {
          guard(task, task.inbox::tick);
        }
      }
    }
  }

  private static void guard(Desked task, Runnable act) {
    guard(task, act, "");
  }

  /** A task fails alone and starts anew from its journal, whatever the reason was. */
  private static void guard(Desked task, Runnable act, String before) {
    if (!task.trouble.isEmpty()) {
      return;
    }
    try {
      act.run();
    } catch (UncheckedIOException full) {
      task.trouble = String.valueOf(full.getMessage());
      if (!task.trouble.equals(before)) {
        LOG.error(
            "task {} rests, its state cannot be written: {}", task.runner.name(), task.trouble);
      }
    } catch (RuntimeException trouble) {
      task.trouble = String.valueOf(trouble.getMessage());
      if (!task.trouble.equals(before)) {
        LOG.error("task {} stops and starts anew from its journal", task.runner.name(), trouble);
      }
    }
  }

  /** What there is to see now. */
  public Snapshot snapshot() {
    List<Snapshot.TaskFacts> facts = new ArrayList<>();
    for (Desked task : tasks.values()) {
      Map<String, String> said = new TreeMap<>();
      for (String site : known()) {
        said.put(site, task.view.said(site));
      }
      facts.add(
          new Snapshot.TaskFacts(
              task.view.run(),
              status(task),
              task.runner.registry().rounds(),
              task.runner.registry()::history,
              task.runner.registry().models(),
              task.runner.acts(),
              said,
              task.runner.round().away(),
              task.runner.models().versions(),
              task.runner.models().rollout()));
    }
    return new Snapshot(facts, sites.all(), unreadable, services.outgoing().unsent());
  }

  private Collection<String> known() {
    return sites.all().keySet();
  }

  private static StatusLine status(Desked task) {
    if (!task.trouble.isEmpty()) {
      return trouble(task);
    }
    return task.recovery
        .map(
            recovery ->
                new StatusLine(
                    "task " + task.runner.name(), StatusLine.State.DEGRADED, recovery.words()))
        .orElseGet(task.view::status);
  }

  private static StatusLine trouble(Desked task) {
    return new StatusLine(
        "task " + task.runner.name(),
        StatusLine.State.DEGRADED,
        task.trouble + "; it is tried again from the journal");
  }

  TaskIntake intake() {
    return intake;
  }
}
