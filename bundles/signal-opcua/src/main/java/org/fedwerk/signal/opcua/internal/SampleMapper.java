// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.opcua.internal;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.DateTime;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.eclipse.milo.opcua.stack.core.types.structured.MonitoredItemNotification;
import org.fedwerk.api.signal.Sample;
import org.fedwerk.api.signal.SampleValue;
import org.fedwerk.api.signal.SignalReading;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes samples of notifications and keeps the newest state of each signal. */
final class SampleMapper {
  private static final Logger LOG = LoggerFactory.getLogger(SampleMapper.class);
  private static final int LONGEST_SHOWN = 64;

  private final String source;
  private final List<SignalSetting> signals;
  private final List<SignalState> states;
  private final ImageLimits images;
  private final Clock clock;

  SampleMapper(OpcUaSettings settings, ImageLimits images, LongSupplier nanos, Clock clock) {
    this.source = settings.name();
    this.signals = settings.signals();
    this.images = images;
    this.states = signals.stream().map(s -> new SignalState(s, nanos)).toList();
    this.clock = clock;
  }

  /**
   * Maps notifications in their order. A value of a wrong type, or an image that nothing can be
   * learned from, becomes a sample without value and with status Bad_TypeMismatch, so that time
   * goes on for its signal and nothing is trained on it.
   */
  List<Sample> map(List<MonitoredItemNotification> notifications) {
    List<Sample> samples = new ArrayList<>(notifications.size());
    for (MonitoredItemNotification notification : notifications) {
      int index = (int) notification.getClientHandle().longValue() - 1;
      if (index >= 0 && index < signals.size()) {
        samples.add(map(signals.get(index), states.get(index), notification.getValue()));
      }
    }
    return samples;
  }

  List<SignalReading> readings() {
    return states.stream().map(SignalState::reading).toList();
  }

  /** Values of all signals that were not what they should be. */
  long refused() {
    return readings().stream().mapToLong(SignalReading::refused).sum();
  }

  private Sample map(SignalSetting signal, SignalState state, DataValue data) {
    StatusCode status = data.statusCode();
    boolean isOverflow = status.isOverflowSet();
    Instant time = timeOf(data);
    Object raw = data.value().value();
    if (raw == null) {
      state.took("", qualityOf(status), time, isOverflow);
      return new Sample(signal.name(), null, (int) status.value(), time);
    }
    SampleValue value = signal.kind().map(raw);
    if (value == null) {
      return refused(signal, state, "wrong type: " + ValueKind.nameOf(raw), time, isOverflow);
    }
    if (value instanceof SampleValue.Image image) {
      Optional<String> problem = images.problem(image.image());
      if (problem.isPresent()) {
        return refused(signal, state, "the image " + problem.get(), time, isOverflow);
      }
    }
    state.took(shown(value), qualityOf(status), time, isOverflow);
    return new Sample(signal.name(), value, (int) status.value(), time);
  }

  private Sample refused(
      SignalSetting signal, SignalState state, String why, Instant time, boolean isOverflow) {
    if (state.refused(why, time, isOverflow) == 1) {
      LOG.info(
          "signal-opcua {}: a value of {} was refused ({}); correct the node or what writes it;"
              + " later ones are only counted",
          source,
          signal.name(),
          why);
    }
    return new Sample(signal.name(), null, (int) StatusCodes.Bad_TypeMismatch, time);
  }

  /** Source time; a server that sends none gets its server time taken, or the time of arrival. */
  private Instant timeOf(DataValue data) {
    DateTime time = data.sourceTime() != null ? data.sourceTime() : data.serverTime();
    return time == null ? clock.instant() : time.getJavaInstant();
  }

  private static String qualityOf(StatusCode status) {
    return status.isGood() ? "good" : status.isUncertain() ? "uncertain" : "bad";
  }

  private static String shown(SampleValue value) {
    if (value instanceof SampleValue.Number number) {
      return String.valueOf(number.value());
    }
    if (value instanceof SampleValue.Bool bool) {
      return String.valueOf(bool.value());
    }
    if (value instanceof SampleValue.Image image) {
      return image.image().toString();
    }
    String text = value instanceof SampleValue.Text t ? t.value() : value.toString();
    return text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "...";
  }
}
