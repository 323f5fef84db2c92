// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.mqtt.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.fedwerk.api.signal.LabelReport;
import org.fedwerk.api.signal.LabelSink;
import org.fedwerk.api.signal.Sample;
import org.fedwerk.api.signal.SampleSink;

/** Keeps what comes and lets a test wait for it. */
final class CollectingSinks implements SampleSink, LabelSink {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(40);

  final List<Sample> samples = new ArrayList<>();
  final List<LabelReport> labels = new ArrayList<>();
  final List<String> unmapped = new ArrayList<>();
  int interruptions;
  int refusals;
  private Runnable before = () -> {};

  /** Runs before anything is kept; may throw. */
  synchronized void before(Runnable action) {
    before = action;
  }

  @Override
  public synchronized void accept(String source, List<Sample> batch) {
    admit();
    samples.addAll(batch);
    notifyAll();
  }

  @Override
  public synchronized void accept(LabelReport label) {
    admit();
    labels.add(label);
    notifyAll();
  }

  private void admit() {
    try {
      before.run();
    } catch (RuntimeException refused) {
      refusals++;
      notifyAll();
      throw refused;
    }
  }

  @Override
  public synchronized void unmapped(String source, String label, String serial) {
    unmapped.add(source + " " + label + " " + serial);
    notifyAll();
  }

  @Override
  public synchronized void interrupted(String source) {
    interruptions++;
    notifyAll();
  }

  synchronized List<String> serials() {
    return labels.stream().map(LabelReport::serial).toList();
  }

  /** Waits until something holds of what came. */
  synchronized void await(BooleanSupplier holds) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (!holds.getAsBoolean()) {
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (left <= 0) {
        throw new AssertionError(
            "only came: " + labels + " " + samples + " " + unmapped + " " + refusals);
      }
      wait(left);
    }
  }
}
