// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.link.Address;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.Header;
import org.fedwerk.api.message.Kind;
import org.fedwerk.api.message.Message;
import org.fedwerk.api.status.ClockWatch;
import org.fedwerk.api.store.Storage;
import org.fedwerk.coordinator.internal.blobs.BlobKeeper;
import org.fedwerk.coordinator.internal.outgoing.ChunkSender;
import org.fedwerk.coordinator.internal.outgoing.Outgoing;
import org.fedwerk.coordinator.internal.outgoing.Sequence;
import org.fedwerk.coordinator.internal.replies.Patience;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The coordinator without threads: opens messages and hands each to the task it is about. All calls
 * come from one thread, the runner's; a simulation is such a thread too.
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
  private final Map<Digest, GuardedTask> tasks = new LinkedHashMap<>();
  private final Map<String, String> unreadable = new TreeMap<>();
  private final ClockWatch clock;
  private boolean cut;

  /**
   * Reads its state; nothing is sent before {@link #resume}.
   *
   * @param runner runs what the link's own threads report, on the thread of all other calls
   */
  public Desk(Ports ports, Settings settings, Refusals refusals, Executor runner) {
    this.ports = ports;
    this.refusals = refusals;
    clock = new ClockWatch(ports.clock(), ports.nanos());
    intake = new TaskIntake(ports, settings.rangeElements());
    Storage storage = ports.storage();
    book = new TaskBook(storage.journal(ROOM + "tasks"), storage.epoch());
    Sequence sequence = new Sequence(storage.journal(ROOM + "sequence"));
    Outgoing outgoing =
        new Outgoing(ports.link(), ports.sealed(), ports.identity(), sequence, book.epoch());
    services =
        new TaskServices(
            outgoing,
            new ChunkSender(outgoing, storage.blobs(), runner, settings.chunks()),
            new NewestHeard(),
            new Patience(ports.link(), settings.refetch()),
            new BlobKeeper(storage.blobs()),
            storage,
            ports.architectures(),
            ports.codecs(),
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
        tasks.put(context.digest(), guarded(context));
      }
    } catch (RefusedException refused) {
      String brief =
          Digest.of(entry.yaml().getBytes(java.nio.charset.StandardCharsets.UTF_8)).brief();
      unreadable.put(brief, String.valueOf(refused.getMessage()));
      LOG.error("task {} cannot go on with this program: {}", brief, refused.getMessage());
    }
  }

  private GuardedTask guarded(TaskContext context) {
    return new GuardedTask(
        new TaskRunner(context, services), sites, ports.identity(), this::settleIfRecovered);
  }

  /** Goes on where the journals end; after a restore sites are asked first. */
  public void resume() {
    for (GuardedTask task : tasks.values()) {
      if (ports.storage().isRestored()) {
        task.recover();
      } else {
        task.resume();
      }
    }
    settleIfRecovered();
  }

  private void settleIfRecovered() {
    if (ports.storage().isRestored()
        && tasks.values().stream().noneMatch(GuardedTask::isRecovering)) {
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
    for (GuardedTask other : tasks.values()) {
      if (!other.isOver() && other.name().equals(name)) {
        throw new RefusedException(
            "name", "a task \"" + name + "\" is not finished yet; use another name");
      }
    }
    book.add(new TaskBook.Entry(yaml, context.rangeElements()));
    GuardedTask task = guarded(context);
    tasks.put(context.digest(), task);
    LOG.info("task {} submitted, digest {}", name, context.digest().brief());
    task.resume();
    task.offer();
    return context.digest();
  }

  /**
   * Follows a person's order about a task.
   *
   * @throws RefusedException if the task is not here or its state does not allow it
   */
  public void order(Digest digest, Orders.Order order) throws RefusedException {
    GuardedTask task = ordered(digest);
    if (order.kind() == Orders.Kind.RETRY && !task.isRecovering()) {
      requireOnlyOneOfItsName(task);
    }
    task.order(order);
  }

  /**
   * Follows a person's order about a task's models.
   *
   * @throws RefusedException if the task is not here or the state of its models does not allow it
   */
  public void order(Digest digest, ModelOrder order) throws RefusedException {
    ordered(digest).order(order);
  }

  private GuardedTask ordered(Digest digest) throws RefusedException {
    GuardedTask task = tasks.get(digest);
    if (task == null) {
      throw new RefusedException("task", digest.brief() + " is not here any more");
    }
    task.requireNoTrouble();
    return task;
  }

  private void requireOnlyOneOfItsName(GuardedTask task) throws RefusedException {
    for (GuardedTask other : tasks.values()) {
      if (other != task && !other.isOver() && other.name().equals(task.name())) {
        throw new RefusedException(
            "task",
            "another task \""
                + other.name()
                + "\" is not finished yet, "
                + other.digest().brief()
                + "; abort it first, or submit this one under another name");
      }
    }
  }

  /** The link is there. */
  public void connected() {
    cut = false;
    tasks.values().forEach(GuardedTask::connected);
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
      tasks.values().forEach(task -> task.sync(site, sync));
      return;
    }
    Digest about = header.task();
    GuardedTask task = about == null ? null : tasks.get(about);
    if (about == null || task == null || !about.brief().equals(address.task())) {
      refusals.count(
          address.kind().word() + " about a task that is not known here",
          "site " + site,
          address.task());
      return;
    }
    task.received(payload.length, inbox -> dispatch(inbox, site, message, payload));
  }

  private void chunk(String site, Address address, byte[] payload) {
    for (GuardedTask task : tasks.values()) {
      if (task.digest().brief().equals(address.task())) {
        sites.heard(site, ports.nanos().getAsLong());
        task.chunk(site, payload);
        return;
      }
    }
    refusals.count("chunk that nobody asked for", "site " + site, address.task());
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
    } else if (body instanceof Body.Drift drift) {
      drift(inbox, site, header, drift);
    } else {
      refusals.count(header.kind().word() + " is not for a coordinator", "site " + site, "");
    }
  }

  /** A task goes on only while no other of its name does. */
  private void drift(TaskInbox inbox, String site, Header header, Body.Drift drift) {
    GuardedTask task = tasks.get(header.task());
    try {
      if (task != null) {
        requireOnlyOneOfItsName(task);
        inbox.drift(site, header, drift);
      }
    } catch (RefusedException taken) {
      refusals.count(
          "request for rounds of a task whose name another has",
          "site " + site,
          String.valueOf(taken.getMessage()));
    }
  }

  /** Time went on. While the link is cut nobody can be blamed for silence. */
  public void tick() {
    if (clock.look()) {
      clock.line().ifPresent(line -> LOG.warn("{}", line.detail()));
    }
    tasks.values().forEach(GuardedTask::reloadAfterTrouble);
    if (!ports.link().isConnected()) {
      cut = true;
    } else if (cut) {
      connected();
    } else {
      tasks.values().forEach(GuardedTask::tick);
    }
  }

  /** What there is to see now. */
  public Snapshot snapshot() {
    Set<String> known = sites.all().keySet();
    List<Snapshot.TaskFacts> facts =
        tasks.values().stream().map(task -> task.facts(known)).toList();
    return new Snapshot(
        facts,
        sites.all(),
        unreadable,
        services.outgoing().unsent(),
        services.sender().levels(),
        clock.line());
  }

  TaskIntake intake() {
    return intake;
  }
}
