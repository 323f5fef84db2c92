// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.Registration;
import org.fedwerk.api.link.Address;
import org.fedwerk.api.link.LinkListener;
import org.fedwerk.api.metric.QueueLevel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that does a coordinator's work: messages in the order they came, completed sends,
 * orders, ticks. The link's thread only puts messages into a queue that is bounded in number and
 * bytes; when it is full a message is dropped and counted, and the protocol asks again. An order
 * beyond the bound is refused. Folding runs here too, so messages wait while a large model is
 * folded.
 */
final class RunnerThread implements LinkListener {
  private static final Logger LOG = LoggerFactory.getLogger(RunnerThread.class);

  /** That the link is there, and the end. */
  private static final int SIGNALS_MOST = 2;

  private static final long SHOW_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Ports ports;
  private final Settings settings;
  private final Refusals refusals;
  private final BlockingQueue<Runnable> queue;
  private final AtomicInteger queuedMessages = new AtomicInteger();
  private final AtomicLong queuedBytes = new AtomicLong();
  private final AtomicInteger queuedOrders = new AtomicInteger();
  private final AtomicLong dropped = new AtomicLong();
  private final AtomicBoolean linkCame = new AtomicBoolean();
  private volatile boolean open = true;
  private volatile boolean ready;
  private volatile Optional<String> trouble = Optional.empty();
  private volatile Snapshot snapshot = Snapshot.EMPTY;
  private @Nullable Thread thread;
  private @Nullable Registration registration;

  RunnerThread(Ports ports, Settings settings, Refusals refusals) {
    this.ports = ports;
    this.settings = settings;
    this.refusals = refusals;
    queue =
        new LinkedBlockingQueue<>(
            settings.queuedMessages()
                + settings.queuedOrders()
                + settings.chunks().inAll()
                + SIGNALS_MOST);
  }

  synchronized void start() {
    Thread started = new Thread(this::run, "fedwerk-coordinator");
    started.setDaemon(true);
    started.start();
    thread = started;
    registration = ports.link().listen(this);
  }

  void close() {
    Thread running;
    synchronized (this) {
      open = false;
      running = thread;
      if (registration != null) {
        registration.close();
      }
    }
    if (running == null) {
      return;
    }
    var unused = queue.offer(() -> {});
    try {
      running.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    Desk desk = null;
    try {
      desk = new Desk(ports, settings, refusals, queue::add);
      desk.resume();
      snapshot = desk.snapshot();
      ready = true;
      work(desk);
    } catch (RuntimeException broken) {
      trouble =
          Optional.of(
              broken.getMessage() + "; mend the cause and restart the bundle of the coordinator");
      LOG.error("the coordinator stops", broken);
    } finally {
      open = false;
      failWaiting(desk);
    }
  }

  private void work(Desk desk) {
    long tick = settings.tick().toNanos();
    long nextTick = System.nanoTime() + tick;
    long nextShow = System.nanoTime();
    boolean changed = false;
    while (open) {
      long due = changed && nextShow - nextTick < 0 ? nextShow : nextTick;
      Runnable next = next(due - System.nanoTime());
      changed |= next != null;
      if (next instanceof Work work) {
        work.run(desk);
      } else if (next != null) {
        next.run();
      }
      if (System.nanoTime() - nextTick >= 0) {
        desk.tick();
        nextTick = System.nanoTime() + tick;
        changed = true;
      }
      // Showing takes a line for each site, which after each message would cost more than the work.
      if (changed && System.nanoTime() - nextShow >= 0) {
        snapshot = desk.snapshot();
        nextShow = System.nanoTime() + SHOW_NANOS;
        changed = false;
      }
    }
  }

  private @Nullable Runnable next(long nanos) {
    try {
      return queue.poll(Math.max(0, nanos), TimeUnit.NANOSECONDS);
    } catch (InterruptedException interrupted) {
      open = false;
      return null;
    }
  }

  private void failWaiting(@Nullable Desk desk) {
    for (Runnable left = queue.poll(); left != null; left = queue.poll()) {
      if (left instanceof Call<?> call) {
        call.result.completeExceptionally(stopped());
      }
    }
    if (desk != null) {
      snapshot = desk.snapshot();
    }
  }

  private static IllegalStateException stopped() {
    return new IllegalStateException("the coordinator is not running; see fedwerk:status");
  }

  /** Submits on the runner's thread. */
  CompletableFuture<Digest> submit(String yaml) {
    return call(desk -> desk.submit(yaml));
  }

  /** Gives an order on the runner's thread. */
  CompletableFuture<Digest> order(Digest task, Orders.Order order) {
    return call(
        desk -> {
          desk.order(task, order);
          return task;
        });
  }

  /** Gives an order about models on the runner's thread. */
  CompletableFuture<Digest> order(Digest task, ModelOrder order) {
    return call(
        desk -> {
          desk.order(task, order);
          return task;
        });
  }

  private <T> CompletableFuture<T> call(Question<T> question) {
    if (queuedOrders.incrementAndGet() > settings.queuedOrders()) {
      queuedOrders.decrementAndGet();
      return CompletableFuture.failedFuture(
          new RefusedException(
              "order",
              settings.queuedOrders()
                  + " orders wait already, as many as queue.orders allows; give it again when"
                  + " fedwerk:status shows that the coordinator works on them"));
    }
    Call<T> call = new Call<>(question);
    var unused = call.result.whenComplete((done, failed) -> queuedOrders.decrementAndGet());
    queue.add(call);
    if (!open && queue.remove(call)) {
      call.result.completeExceptionally(stopped());
    }
    return call.result;
  }

  @Override
  public void received(Address address, byte[] payload) {
    int messages = queuedMessages.incrementAndGet();
    long bytes = queuedBytes.addAndGet(payload.length);
    if (messages > settings.queuedMessages() || bytes > settings.queuedBytes()) {
      release(payload.length);
      dropped.incrementAndGet();
      return;
    }
    queue.add(
        (Work)
            desk -> {
              release(payload.length);
              desk.received(address, payload);
            });
  }

  private void release(int bytes) {
    queuedMessages.decrementAndGet();
    queuedBytes.addAndGet(-bytes);
  }

  @Override
  public void connected() {
    if (!linkCame.getAndSet(true)) {
      queue.add(
          (Work)
              desk -> {
                linkCame.set(false);
                desk.connected();
              });
    }
  }

  Snapshot snapshot() {
    return snapshot;
  }

  boolean isReady() {
    return ready && open;
  }

  Optional<String> trouble() {
    return trouble;
  }

  /** What waits, for status; empty if nothing does. */
  String depth() {
    int messages = queuedMessages.get();
    return messages == 0
        ? ""
        : "; "
            + messages
            + " of at most "
            + settings.queuedMessages()
            + " messages, "
            + queuedBytes.get()
            + " of at most "
            + settings.queuedBytes()
            + " bytes wait";
  }

  /** What waits before this thread. */
  CoordinatorMeasurements.Load load() {
    return new CoordinatorMeasurements.Load(
        new QueueLevel("coordinator", queuedMessages.get(), settings.queuedMessages()),
        new QueueLevel("coordinator", queuedBytes.get(), settings.queuedBytes()),
        new QueueLevel("orders", queuedOrders.get(), settings.queuedOrders()),
        dropped());
  }

  long dropped() {
    return dropped.get();
  }

  /** Work that needs the desk. */
  private interface Work extends Runnable {
    void run(Desk desk);

    @Override
    default void run() {
      throw new IllegalStateException("needs the desk");
    }
  }

  /** What a person wants of the desk. */
  private interface Question<T> {
    T ask(Desk desk) throws RefusedException;
  }

  private final class Call<T> implements Work {
    private final Question<T> question;
    private final CompletableFuture<T> result = new CompletableFuture<>();

    Call(Question<T> question) {
      this.question = question;
    }

    @Override
    public void run(Desk desk) {
      try {
        T answer = question.ask(desk);
        snapshot = desk.snapshot();
        result.complete(answer);
      } catch (RefusedException | UncheckedIOException refused) {
        result.completeExceptionally(refused);
      }
    }
  }
}
