// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.internal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.fedwerk.api.signal.LabelDescriptor;
import org.fedwerk.api.signal.LabelReport;
import org.fedwerk.api.signal.LabelSink;
import org.fedwerk.api.signal.Sample;
import org.fedwerk.api.signal.SampleSink;
import org.fedwerk.api.signal.SampleValue;
import org.fedwerk.api.signal.SignalDescriptor;
import org.fedwerk.api.signal.SignalReading;
import org.fedwerk.api.signal.SignalSource;
import org.fedwerk.plant.process.PlantProcess;
import org.fedwerk.plant.process.ProcessPart;
import org.fedwerk.plant.process.ProcessSignal;

/**
 * A plant's parts as samples and labels, handed to a site's sinks without OPC UA and MQTT in
 * between.
 */
public final class ProcessFeed implements SignalSource {
  private static final String NAME = "sim";
  private static final String SERIAL = "serial";

  private final PlantProcess process;
  private final Map<String, String> codes;

  /**
   * A feed.
   *
   * @param codes from the plant's label codes to the schema's class names; none for numbers
   */
  public ProcessFeed(PlantProcess process, Map<String, String> codes) {
    this.process = process;
    this.codes = Map.copyOf(codes);
  }

  /**
   * Hands over the first parts of the process and ends the last of them.
   *
   * @return parts handed over
   */
  public int feed(long parts, SampleSink samples, LabelSink labels) {
    Iterator<ProcessPart> all = process.iterator();
    int done = 0;
    Instant end = PlantProcess.START;
    while (done < parts && all.hasNext()) {
      ProcessPart part = all.next();
      hand(part, samples, labels);
      end = part.end();
      done++;
    }
    samples.accept(NAME, closing(end));
    return done;
  }

  /** Hands over one part, which ends with the beginning of the next. */
  public void hand(ProcessPart part, SampleSink samples, LabelSink labels) {
    samples.accept(NAME, samples(part));
    part.code().ifPresent(code -> labels.accept(label(part, code)));
  }

  private List<Sample> samples(ProcessPart part) {
    List<Sample> batch = new ArrayList<>();
    batch.add(new Sample(SERIAL, new SampleValue.Text(part.serial()), 0, part.begin()));
    for (int at = 0; at < part.offsets().length; at++) {
      Instant time = part.begin().plusNanos(part.offsets()[at]);
      for (int signal = 0; signal < process.signals().size(); signal++) {
        double value = part.values()[signal][at];
        if (!Double.isNaN(value)) {
          batch.add(
              new Sample(
                  process.signals().get(signal).name(), new SampleValue.Number(value), 0, time));
        }
      }
    }
    return batch;
  }

  private List<Sample> closing(Instant end) {
    List<Sample> batch = new ArrayList<>();
    batch.add(new Sample(SERIAL, new SampleValue.Text(""), 0, end));
    for (ProcessSignal signal : process.signals()) {
      batch.add(new Sample(signal.name(), new SampleValue.Number(Double.NaN), 0, end));
    }
    return batch;
  }

  private LabelReport label(ProcessPart part, String code) {
    String value = process.labelUnit().isPresent() ? code : codes.get(code);
    if (value == null) {
      throw new IllegalArgumentException(
          "no class is given for code " + code + " of " + process.description());
    }
    return new LabelReport(
        part.serial(), process.label(), value, NAME, part.end(), part.role().orElse(null));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<SignalDescriptor> signals() {
    List<SignalDescriptor> all = new ArrayList<>();
    all.add(new SignalDescriptor(SERIAL, "", "", true));
    process
        .signals()
        .forEach(each -> all.add(new SignalDescriptor(each.name(), each.unit(), "", false)));
    return all;
  }

  @Override
  public List<LabelDescriptor> labels() {
    return List.of(
        process
            .labelUnit()
            .map(unit -> LabelDescriptor.ofNumber(process.label(), unit))
            .orElseGet(() -> new LabelDescriptor(process.label(), classes())));
  }

  private List<String> classes() {
    return process.codes().stream().map(code -> String.valueOf(codes.get(code))).toList();
  }

  @Override
  public List<SignalReading> readings() {
    return List.of();
  }
}
