// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.plant.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.fedwerk.plant.internal.mqtt.LabelPublisher;
import org.fedwerk.plant.internal.opcua.PlantServer;
import org.fedwerk.plant.internal.probe.LatencyProbe;
import org.fedwerk.plant.process.PlantProcess;
import org.fedwerk.plant.process.ProcessPart;
import org.fedwerk.plant.process.ProcessSignal;
import org.jspecify.annotations.Nullable;

/**
 * Makes the parts of a process: writes serials and values in the order of their source time, sends
 * labels, keeps the pace. {@link #run} belongs to one thread, the rest may be called by any.
 */
final class ProductionLine {
  private static final long LOOK_AGAIN_MILLIS = 20;

  private final PlantProcess process;
  private final Pace pace;
  private final PlantServer server;
  private final Optional<LabelPublisher> labels;
  private final Optional<LatencyProbe> probe;
  private final List<ProcessSignal> signals;
  private final Map<String, Disturbance> disturbed = new ConcurrentHashMap<>();
  private volatile PlantState state = PlantState.WAITING;
  private volatile boolean trickling;
  private volatile long bulkParts;
  private volatile long trickleParts;

  /** The part in the machine; null if it is empty. */
  private @Nullable ProcessPart open;

  private boolean openIsMeasured;

  /** By how much closing has moved the source clock beyond that of the process. */
  private Duration shift = Duration.ZERO;

  ProductionLine(
      PlantProcess process,
      Pace pace,
      PlantServer server,
      Optional<LabelPublisher> labels,
      Optional<LatencyProbe> probe) {
    this.process = process;
    this.pace = pace;
    this.server = server;
    this.labels = labels;
    this.probe = probe;
    this.signals = process.signals();
    this.trickling = pace.trickleAtStart();
  }

  PlantState state() {
    return state;
  }

  long bulkParts() {
    return bulkParts;
  }

  long trickleParts() {
    return trickleParts;
  }

  void trickle(boolean on) {
    trickling = on;
  }

  void disturb(String signal, Disturbance disturbance) {
    if (signals.stream().noneMatch(each -> each.name().equals(signal))) {
      throw new IllegalArgumentException(
          "no signal is named \""
              + signal
              + "\"; there are "
              + signals.stream().map(ProcessSignal::name).toList());
    }
    disturbed.put(signal, disturbance);
  }

  /** Makes all parts; returns when there are no more. */
  void run() throws InterruptedException {
    Iterator<ProcessPart> parts = process.iterator();
    while (bulkParts < pace.bulkParts() && parts.hasNext()) {
      awaitSubscribers(PlantState.BULK);
      make(parts.next(), 0);
      bulkParts++;
    }
    while (pace.tricklePerSecond() > 0 && tricklesOn() && parts.hasNext()) {
      awaitTrickle();
      awaitSubscribers(PlantState.TRICKLE);
      make(parts.next(), Math.round(1e9 / pace.tricklePerSecond()));
      trickleParts++;
    }
    empty();
    state = PlantState.DONE;
  }

  private boolean tricklesOn() {
    return pace.trickleParts() == 0 || trickleParts < pace.trickleParts();
  }

  private void awaitSubscribers(PlantState then) throws InterruptedException {
    while (pace.waitsForSubscribers() && !server.isSubscribed()) {
      state = PlantState.WAITING;
      TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
    }
    state = then;
  }

  private void awaitTrickle() throws InterruptedException {
    while (!trickling) {
      empty();
      state = PlantState.HOLDING;
      TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
    }
  }

  /** One part, spread over the given time; 0 for as fast as the clients take it. */
  private void make(ProcessPart part, long nanos) throws InterruptedException {
    Instant begin = part.begin().plus(shift);
    server.writeSerial(part.serial(), begin);
    long[] offsets = part.offsets();
    long due = System.nanoTime();
    for (int k = 0; k < offsets.length; k++) {
      sleepUntil(due);
      due = Math.max(due, System.nanoTime() - nanos) + nanos / offsets.length;
      double[] values = column(part, k);
      write(values, begin.plusNanos(offsets[k]), k == 0);
    }
    sleepUntil(due);
    open = part;
    openIsMeasured = nanos > 0;
    if (labels.isPresent() && part.code().isPresent()) {
      labels.get().send(part.serial(), part.code().get(), begin.plus(part.length()), part.role());
    }
  }

  private static double[] column(ProcessPart part, int k) {
    double[] values = new double[part.values().length];
    for (int s = 0; s < values.length; s++) {
      values[s] = part.values()[s][k];
    }
    return values;
  }

  /** One value of each signal; the last of the first ones of a part completes the part before. */
  private void write(double[] values, Instant time, boolean completesOpen)
      throws InterruptedException {
    int last = -1;
    for (int s = 0; s < values.length; s++) {
      last = Double.isNaN(values[s]) ? last : s;
    }
    ProcessPart before = open;
    for (int s = 0; s <= last; s++) {
      if (s == last && completesOpen && openIsMeasured && before != null && probe.isPresent()) {
        probe.get().complete(before.serial());
      }
      if (!Double.isNaN(values[s])) {
        write(signals.get(s).name(), values[s], time);
      }
    }
  }

  private void write(String signal, double value, Instant time) throws InterruptedException {
    Disturbance disturbance = disturbed.getOrDefault(signal, Disturbance.NONE);
    if (disturbance instanceof Disturbance.Gain gain) {
      server.write(signal, gain.factor() * value, time);
    } else if (disturbance instanceof Disturbance.NotANumber) {
      server.write(signal, Double.NaN, time);
    } else {
      server.writeText(signal, "n/a", time);
    }
  }

  /** No part in the machine, and one value of each signal beyond the end of the last one. */
  private void empty() throws InterruptedException {
    ProcessPart last = open;
    if (last == null) {
      return;
    }
    Instant end = last.end().plus(shift);
    server.writeSerial("", end);
    write(column(last, last.offsets().length - 1), end.plus(process.step().dividedBy(2)), true);
    shift = shift.plus(process.step());
    open = null;
  }

  private static void sleepUntil(long due) throws InterruptedException {
    long left = due - System.nanoTime();
    if (left > 0) {
      TimeUnit.NANOSECONDS.sleep(left);
    }
  }
}
