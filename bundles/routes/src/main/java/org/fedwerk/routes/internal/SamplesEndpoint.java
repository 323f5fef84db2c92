// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.routes.internal;

import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.camel.Message;
import org.fedwerk.api.signal.Sample;
import org.fedwerk.api.signal.SampleSink;
import org.fedwerk.api.signal.SampleValue;
import org.fedwerk.api.signal.SignalDescriptor;
import org.jspecify.annotations.Nullable;

/** {@code fedwerk:samples}: takes samples in, as one source of the site. */
final class SamplesEndpoint extends TakingEndpoint {
  private static final int BATCH = 5000;

  private final String format;
  private final Map<String, String> units;
  private final SampleReader reader;
  private final RouteSource source;

  SamplesEndpoint(String uri, FedwerkComponent component, Services services, Options options) {
    super(uri, component, services, "samples");
    String name = options.required("source");
    units = options.units("signals");
    String part = options.text("part", "");
    format = options.word("format", "json", Rows.FORMATS);
    boolean arrival =
        options.word("time", "required", List.of("required", "arrival")).equals("arrival");
    boolean skip = options.word("others", "refuse", List.of("refuse", "skip")).equals("skip");
    if (!part.isEmpty() && !units.containsKey(part)) {
      throw options.refusal("part", part, "one of the declared signals");
    }
    reader = new SampleReader(units, part, arrival, skip, Clock.systemUTC());
    List<SignalDescriptor> signals =
        units.entrySet().stream()
            .map(
                each ->
                    new SignalDescriptor(
                        each.getKey(),
                        each.getValue(),
                        name() + " " + each.getKey(),
                        each.getKey().equals(part)))
            .toList();
    source = new RouteSource(name, signals, List.of(), System::nanoTime);
  }

  @Override
  RouteSource source() {
    return source;
  }

  /** The whole body or nothing; when it returns, the samples survive a kill. */
  @Override
  synchronized void take(Message message) throws Exception {
    SampleSink sink =
        services()
            .samples()
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        name() + " finds nobody who takes samples: install fedwerk-site"));
    List<Sample> samples = samples(message);
    for (int from = 0; from < samples.size(); from += BATCH) {
      List<Sample> batch = samples.subList(from, Math.min(samples.size(), from + BATCH));
      sink.accept(source.name(), List.copyOf(batch));
      batch.forEach(each -> source.took(each.signal(), shown(each.value()), each.sourceTime()));
    }
  }

  private List<Sample> samples(Message message) throws Exception {
    Object body = message.getBody();
    if (body instanceof Sample sample) {
      return List.of(declared(sample));
    }
    if (body instanceof Collection<?> all
        && !all.isEmpty()
        && all.stream().allMatch(Sample.class::isInstance)) {
      return all.stream().map(each -> declared((Sample) each)).toList();
    }
    return reader.read(Rows.read(format, message.getMandatoryBody(byte[].class)));
  }

  private Sample declared(Sample sample) {
    if (!units.containsKey(sample.signal())) {
      throw new IllegalArgumentException(
          name() + ": \"" + sample.signal() + "\" is no signal of this endpoint");
    }
    return sample;
  }

  private static String shown(@Nullable SampleValue value) {
    if (value instanceof SampleValue.Number number) {
      return Double.toString(number.value());
    }
    if (value instanceof SampleValue.Text text) {
      return text.value();
    }
    return value instanceof SampleValue.Bool bool ? Boolean.toString(bool.value()) : "";
  }
}
