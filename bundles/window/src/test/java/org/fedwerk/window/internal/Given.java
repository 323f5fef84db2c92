// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.window.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.fedwerk.api.data.LabelSpec;
import org.fedwerk.api.data.Part;
import org.fedwerk.api.data.PartData;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.data.Series;
import org.fedwerk.api.data.SignalSpec;
import org.fedwerk.api.data.WindowSpec;
import org.fedwerk.api.signal.LabelDescriptor;
import org.fedwerk.api.signal.LabelReport;
import org.fedwerk.api.signal.Sample;
import org.fedwerk.api.signal.SampleValue;
import org.fedwerk.api.signal.SignalDescriptor;
import org.fedwerk.api.signal.SignalReading;
import org.fedwerk.api.signal.SignalSource;

/** Values the tests share. Times are seconds after noon. */
final class Given {
  static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  private Given() {}

  static Instant at(double seconds) {
    return NOON.plusMillis(Math.round(seconds * 1000));
  }

  static long nanos(double seconds) {
    return Nanos.near(at(seconds));
  }

  static Sample number(String signal, double seconds, double value) {
    return new Sample(signal, new SampleValue.Number(value), 0, at(seconds));
  }

  static Sample serial(double seconds, String serial) {
    return new Sample("serial", new SampleValue.Text(serial), 0, at(seconds));
  }

  static Series series(double... secondsAndValues) {
    long[] times = new long[secondsAndValues.length / 2];
    double[] values = new double[times.length];
    for (int i = 0; i < times.length; i++) {
      times[i] = nanos(secondsAndValues[2 * i]);
      values[i] = secondsAndValues[2 * i + 1];
    }
    return new Series(times, values);
  }

  static Part part(String serial, long ordinal, double begin, double end) {
    return new Part(serial, ordinal, at(begin), at(end));
  }

  static Schema schema(int steps, String... signals) {
    List<SignalSpec> specs =
        Stream.of(signals)
            .map(name -> new SignalSpec(name, "Nm", -1000, 1000, Duration.ofSeconds(2)))
            .toList();
    return new Schema(
        "milling",
        1,
        specs,
        new WindowSpec(steps, Duration.ofSeconds(1), Duration.ofSeconds(5)),
        new LabelSpec("quality", List.of("good", "scrap"), Duration.ofMinutes(10)));
  }

  static LabelReport label(String serial, String value, double seconds) {
    return new LabelReport(serial, "quality", value, "lab", at(seconds), null);
  }

  static SignalSource source(String name, List<SignalDescriptor> signals, String... classes) {
    return sourceWith(
        name,
        signals,
        classes.length == 0
            ? new LabelDescriptor[0]
            : new LabelDescriptor[] {new LabelDescriptor("quality", List.of(classes))});
  }

  static SignalSource sourceWith(
      String name, List<SignalDescriptor> signals, LabelDescriptor... told) {
    List<LabelDescriptor> labels = List.of(told);
    return new SignalSource() {
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
      public List<SignalReading> readings() {
        return signals.stream().map(each -> reading(each.name())).toList();
      }
    };
  }

  private static SignalReading reading(String signal) {
    return new SignalReading(signal, "", "", "none", null, null, 0, 12, 3, 1);
  }

  static SignalDescriptor signal(String name, String unit) {
    return new SignalDescriptor(name, unit, "nsu=urn:test;s=" + name, name.equals("serial"));
  }

  /** A part as text, to compare all of it. */
  static String told(PartData data) {
    StringBuilder text = new StringBuilder();
    text.append(data.part().serial())
        .append(" [")
        .append(Duration.between(NOON, data.part().begin()).toMillis())
        .append(", ")
        .append(Duration.between(NOON, data.part().end()).toMillis())
        .append(data.interrupted() ? ") interrupted" : ")");
    data.series().keySet().stream()
        .sorted()
        .forEach(
            signal -> {
              Series series = data.series().get(signal);
              text.append(' ').append(signal);
              for (int i = 0; i < series.times().length; i++) {
                text.append(' ')
                    .append((series.times()[i] - nanos(0)) / 1_000_000)
                    .append('=')
                    .append(series.values()[i]);
              }
            });
    return text.toString();
  }
}
