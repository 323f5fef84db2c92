// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.metrics.internal;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.fedwerk.api.Registration;
import org.fedwerk.api.metric.Measurement;
import org.fedwerk.api.metric.MetricSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a registry in step with what the rooms measure: a meter comes with its measurement and goes
 * with it. Values are those of the last {@link #refresh()}. Thread-safe.
 */
final class MeterBook {
  /** No more meters than this; a room that made one for each part would fill the memory. */
  static final int MOST = 5000;

  private static final Logger LOG = LoggerFactory.getLogger(MeterBook.class);

  /** Upper bounds of the buckets of a distribution of durations. */
  private static final Duration[] BUCKETS = {
    Duration.ofMillis(1),
    Duration.ofMillis(2),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(20),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(200),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofSeconds(2),
    Duration.ofSeconds(5)
  };

  private record Key(String name, Map<String, String> tags) {}

  private static final class Cell {
    private volatile double value;
    private final Meter.Id meter;

    Cell(MeterRegistry registry, Measurement first) {
      value = first.value();
      meter = register(registry, first).getId();
    }

    private Meter register(MeterRegistry registry, Measurement of) {
      String unit = of.unit().isEmpty() ? null : of.unit();
      return switch (of.kind()) {
        case COUNTER ->
            FunctionCounter.builder(of.name(), this, cell -> cell.value)
                .description(of.description())
                .baseUnit(unit)
                .tags(MeterBook.tags(of.tags()))
                .register(registry);
        case GAUGE ->
            Gauge.builder(of.name(), this, cell -> cell.value)
                .description(of.description())
                .baseUnit(unit)
                .tags(MeterBook.tags(of.tags()))
                .register(registry);
      };
    }
  }

  private final MeterRegistry registry;
  private final Map<MetricSource, Registration> sources = new HashMap<>();
  private final Map<Key, Cell> cells = new HashMap<>();
  private final Map<Key, Timer> timers = new ConcurrentHashMap<>();
  private final Set<String> failing = new HashSet<>();
  private boolean full;

  MeterBook(MeterRegistry registry) {
    this.registry = registry;
  }

  synchronized void add(MetricSource source) {
    Registration durations =
        source.listen((name, description, tags, took) -> timer(name, description, tags, took));
    sources.put(source, durations);
  }

  synchronized void remove(MetricSource source) {
    Registration durations = sources.remove(source);
    if (durations != null) {
      durations.close();
    }
  }

  /** Reads every room. */
  synchronized void refresh() {
    Map<Key, Measurement> now = new HashMap<>();
    for (MetricSource source : sources.keySet()) {
      for (Measurement each : measurements(source)) {
        if (Double.isFinite(each.value())) {
          now.putIfAbsent(new Key(each.name(), each.tags()), each);
        }
      }
    }
    cells.entrySet().removeIf(entry -> gone(entry.getKey(), entry.getValue(), now));
    now.forEach(this::put);
  }

  private List<Measurement> measurements(MetricSource source) {
    String name = source.getClass().getName();
    try {
      List<Measurement> measured = source.measurements();
      failing.remove(name);
      return measured;
    } catch (RuntimeException broken) {
      // One room's defect must not hide the numbers of the others.
      if (failing.add(name)) {
        LOG.error("{} cannot tell its measurements", name, broken);
      }
      return List.of();
    }
  }

  private boolean gone(Key key, Cell cell, Map<Key, Measurement> now) {
    if (now.containsKey(key)) {
      return false;
    }
    registry.remove(cell.meter);
    return true;
  }

  private void put(Key key, Measurement measured) {
    Cell cell = cells.get(key);
    if (cell != null) {
      cell.value = measured.value();
    } else if (cells.size() < MOST) {
      cells.put(key, new Cell(registry, measured));
    } else if (!full) {
      full = true;
      LOG.error("More than {} measurements; {} and others are left out", MOST, measured.name());
    }
  }

  private void timer(String name, String description, Map<String, String> tags, Duration took) {
    if (timers.size() < MOST) {
      timers
          .computeIfAbsent(new Key(name, Map.copyOf(tags)), key -> timer(key, description))
          .record(took);
    }
  }

  private Timer timer(Key key, String description) {
    return Timer.builder(key.name())
        .description(description)
        .serviceLevelObjectives(BUCKETS)
        .tags(tags(key.tags()))
        .register(registry);
  }

  private static Tags tags(Map<String, String> tags) {
    return Tags.of(
        new TreeMap<>(tags)
            .entrySet().stream().map(each -> Tag.of(each.getKey(), each.getValue())).toList());
  }
}
