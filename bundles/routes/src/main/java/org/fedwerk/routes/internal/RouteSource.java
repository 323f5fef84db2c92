// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.routes.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.fedwerk.api.signal.LabelDescriptor;
import org.fedwerk.api.signal.SignalDescriptor;
import org.fedwerk.api.signal.SignalReading;
import org.fedwerk.api.signal.SignalSource;
import org.jspecify.annotations.Nullable;

/** What an endpoint delivers, as a source of the site: its signals or its label. Thread-safe. */
final class RouteSource implements SignalSource {
  private static final long RATE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final String name;
  private final List<SignalDescriptor> signals;
  private final List<LabelDescriptor> labels;
  private final LongSupplier nanos;
  private final Map<String, State> states = new LinkedHashMap<>();

  private final class State {
    private final String signal;
    private final String unit;
    private String value = "";
    private String quality = "none";
    private @Nullable Instant time;
    private long heard;
    private long received;
    private long refused;
    private long windowBegan = nanos.getAsLong();
    private long inWindow;
    private double rate;

    State(String signal, String unit) {
      this.signal = signal;
      this.unit = unit;
    }

    void arrived(String how) {
      quality = how;
      received++;
      heard = nanos.getAsLong();
      turn();
      inWindow++;
    }

    /** The rate of the last whole window counts. */
    void turn() {
      long past = nanos.getAsLong() - windowBegan;
      if (past >= RATE_NANOS) {
        rate = past < 2 * RATE_NANOS ? inWindow * 1e9 / past : 0;
        inWindow = 0;
        windowBegan = nanos.getAsLong();
      }
    }

    SignalReading reading() {
      turn();
      return new SignalReading(
          signal,
          unit,
          value,
          quality,
          time,
          received == 0 ? null : Duration.ofNanos(nanos.getAsLong() - heard),
          rate,
          received,
          refused,
          0);
    }
  }

  RouteSource(
      String name,
      List<SignalDescriptor> signals,
      List<LabelDescriptor> labels,
      LongSupplier nanos) {
    this.name = name;
    this.signals = List.copyOf(signals);
    this.labels = List.copyOf(labels);
    this.nanos = nanos;
    this.signals.forEach(each -> states.put(each.name(), new State(each.name(), each.unit())));
    this.labels.forEach(each -> states.put(each.name(), new State(each.name(), "")));
  }

  /** A value was taken. */
  synchronized void took(String entry, String value, Instant time) {
    State state = states.get(entry);
    if (state != null) {
      state.value = value;
      state.time = time;
      state.arrived("good");
    }
  }

  /** A value was refused. */
  synchronized void refused(String entry, String why) {
    State state = states.get(entry);
    if (state != null) {
      state.refused++;
      state.arrived(why);
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<SignalDescriptor> signals() {
    return signals;
  }

  @Override
  public List<LabelDescriptor> labels() {
    return labels;
  }

  @Override
  public synchronized List<SignalReading> readings() {
    return states.values().stream().map(State::reading).toList();
  }
}
