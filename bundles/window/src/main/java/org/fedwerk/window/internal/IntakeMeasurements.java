// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.window.internal;

import java.util.ArrayList;
import java.util.List;
import org.fedwerk.api.metric.Measurement;
import org.fedwerk.api.signal.SignalReading;
import org.fedwerk.api.signal.SignalSource;
import org.fedwerk.api.store.PartStore;

/** What came into this site and what became of it, in numbers. */
final class IntakeMeasurements {
  private final PartStore store;
  private final Tally tally;
  private final SampleQueue queue;
  private final StoredExamples examples;

  IntakeMeasurements(PartStore store, Tally tally, SampleQueue queue, StoredExamples examples) {
    this.store = store;
    this.tally = tally;
    this.queue = queue;
    this.examples = examples;
  }

  List<Measurement> of(List<SignalSource> sources) {
    List<Measurement> measured = new ArrayList<>();
    for (SignalSource source : sources) {
      source.readings().forEach(reading -> signal(measured, source.name(), reading));
    }
    measured.add(
        count("fedwerk.samples.unusable", "Samples bad or not a number", tally.missing.get()));
    measured.add(
        Measurement.gauge(
            "fedwerk.intake.queue", "", "Batches of samples that wait", queue.waiting()));
    measured.addAll(queue.level().things());
    measured.addAll(queue.images().bytes());
    measured.add(count("fedwerk.parts.stored", "Parts closed and stored", store.nextOrdinal()));
    measured.add(
        count("fedwerk.parts.evicted", "Parts removed to keep the bounds", store.evicted()));
    label(measured, "joined", tally.joined.get());
    label(measured, "unmapped", tally.unmapped.get());
    SchemaExamples.Known known = examples.known().orElse(new SchemaExamples.Known(0, 0));
    label(measured, "homeless", tally.homeless.get());
    measured.add(
        Measurement.gauge(
            "fedwerk.labels.waiting", "", "Labels whose part has not come", tally.waiting()));
    measured.add(
        Measurement.gauge(
            "fedwerk.windows",
            "",
            "Labelled windows of the schema that was read last",
            known.examples()));
    measured.add(
        Measurement.gauge(
            "fedwerk.labels.late",
            "",
            "Parts of that schema whose newest label came too late",
            known.late()));
    return measured;
  }

  private static void signal(List<Measurement> to, String source, SignalReading reading) {
    String signal = reading.signal();
    to.add(
        Measurement.counter(
            "fedwerk.samples.received",
            "",
            "Values received",
            reading.received(),
            "source",
            source,
            "signal",
            signal));
    to.add(
        Measurement.counter(
            "fedwerk.samples.refused",
            "",
            "Values of a wrong type or code",
            reading.refused(),
            "source",
            source,
            "signal",
            signal));
    to.add(
        Measurement.counter(
            "fedwerk.samples.lost",
            "",
            "Times that a server reported lost values",
            reading.overflows(),
            "source",
            source,
            "signal",
            signal));
  }

  private static void label(List<Measurement> to, String fate, long count) {
    to.add(
        Measurement.counter(
            "fedwerk.labels", "", "Labels by what became of them", count, "fate", fate));
  }

  private static Measurement count(String name, String description, long value) {
    return Measurement.counter(name, "", description, value);
  }
}
