// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.opcua.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.fedwerk.api.signal.Sample;
import org.fedwerk.api.signal.SampleSink;
import org.fedwerk.api.signal.SampleValue;

/** Keeps what comes and lets a test wait for it. */
final class CollectingSink implements SampleSink {
  private static final long PATIENCE_NANOS = 30_000_000_000L;

  private final List<Sample> samples = new ArrayList<>();
  private int interruptions;
  private Consumer<List<Sample>> before = batch -> {};

  /** Runs before each batch is kept; may block or throw. */
  synchronized void before(Consumer<List<Sample>> before) {
    this.before = before;
  }

  @Override
  public void accept(String source, List<Sample> batch) {
    Consumer<List<Sample>> first;
    synchronized (this) {
      first = before;
    }
    first.accept(batch);
    synchronized (this) {
      samples.addAll(batch);
      notifyAll();
    }
  }

  @Override
  public synchronized void interrupted(String source) {
    interruptions++;
    notifyAll();
  }

  synchronized int interruptions() {
    return interruptions;
  }

  synchronized List<Sample> samples() {
    return List.copyOf(samples);
  }

  synchronized List<Double> numbers(String signal) {
    List<Double> numbers = new ArrayList<>();
    for (Sample sample : samples) {
      if (sample.signal().equals(signal) && sample.value() instanceof SampleValue.Number number) {
        numbers.add(number.value());
      }
    }
    return numbers;
  }

  /** Waits until so many samples came. */
  synchronized void await(int count) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (samples.size() < count) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new AssertionError("only " + samples.size() + " of " + count + " samples came");
      }
      wait(left);
    }
  }
}
