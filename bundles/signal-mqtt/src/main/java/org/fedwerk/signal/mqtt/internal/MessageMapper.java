// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.mqtt.internal;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.EncodedImage;
import org.fedwerk.api.signal.LabelReport;
import org.fedwerk.api.signal.Sample;
import org.fedwerk.api.signal.SampleValue;
import org.fedwerk.api.signal.SignalReading;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes samples and labels of messages and keeps the newest state of each. A message is for every
 * entry whose filter its topic matches; what an entry cannot use is counted there.
 */
final class MessageMapper {
  private static final Logger LOG = LoggerFactory.getLogger(MessageMapper.class);
  private static final int LONGEST_SHOWN = 64;

  /** OPC UA Part 6, annex A: Bad_TypeMismatch. */
  private static final int BAD_TYPE_MISMATCH = 0x80740000;

  private record LiveSignal(SignalSetting setting, EntryState state) {}

  private record LiveImage(ImageSetting setting, EntryState state) {}

  private record LiveLabel(LabelSetting setting, EntryState state) {}

  private final String source;
  private final List<LiveSignal> signals;
  private final List<LiveImage> images;
  private final List<LiveLabel> labels;
  private final ImageMapper pictures;
  private final AtomicLong unasked = new AtomicLong();

  MessageMapper(MqttSettings settings, ImageMapper pictures, LongSupplier nanos) {
    this.pictures = pictures;
    source = settings.name();
    images =
        settings.images().stream()
            .map(i -> new LiveImage(i, new EntryState(i.name(), "", nanos)))
            .toList();
    signals =
        settings.signals().stream()
            .map(s -> new LiveSignal(s, new EntryState(s.name(), s.unit(), nanos)))
            .toList();
    labels =
        settings.labels().stream()
            .map(l -> new LiveLabel(l, new EntryState(l.name(), "", nanos)))
            .toList();
  }

  /** Maps messages in their order. */
  Harvest map(List<Incoming> messages) {
    Harvest harvest = Harvest.empty();
    for (Incoming message : messages) {
      map(message, harvest);
    }
    return harvest;
  }

  private void map(Incoming message, Harvest harvest) {
    String topic = message.topic();
    List<LiveSignal> asSignals =
        signals.stream().filter(s -> s.setting().filter().matches(topic)).toList();
    List<LiveLabel> asLabels =
        labels.stream().filter(l -> l.setting().filter().matches(topic)).toList();
    List<LiveImage> asImages =
        images.stream().filter(i -> i.setting().filter().matches(topic)).toList();
    asImages.forEach(image -> image(image.setting(), image.state(), message, harvest));
    if (asSignals.isEmpty() && asLabels.isEmpty()) {
      unasked.addAndGet(asImages.isEmpty() ? 1 : 0);
      return;
    }
    JsonNode json;
    try {
      json = JsonField.message(message.payload());
    } catch (Unusable malformed) {
      asSignals.forEach(s -> refused(s.setting().name(), s.state(), malformed));
      asLabels.forEach(l -> refused(l.setting().name(), l.state(), malformed));
      return;
    }
    asSignals.forEach(signal -> sample(signal.setting(), signal.state(), json, harvest));
    asLabels.forEach(label -> label(label.setting(), label.state(), json, harvest));
  }

  /**
   * A value of a wrong type becomes a sample without value and with status Bad_TypeMismatch, so
   * that time goes on for its signal and nothing is trained on it.
   */
  private void sample(SignalSetting signal, EntryState state, JsonNode json, Harvest harvest) {
    Instant time;
    try {
      time = JsonField.time(json, signal.time());
    } catch (Unusable noTime) {
      refused(signal.name(), state, noTime);
      return;
    }
    try {
      SampleValue value =
          signal.part()
              ? new SampleValue.Text(JsonField.part(json, signal.value()))
              : JsonField.measured(json, signal.value());
      harvest.samples().add(new Sample(signal.name(), value, 0, time));
      state.took(shown(value), time);
    } catch (Unusable noValue) {
      harvest.samples().add(new Sample(signal.name(), null, BAD_TYPE_MISMATCH, time));
      refused(signal.name(), state, noValue);
    }
  }

  /** As with a value of a wrong type, nothing is learned from what is no image. */
  private void image(ImageSetting image, EntryState state, Incoming message, Harvest harvest) {
    Instant time;
    try {
      time = pictures.time(message);
    } catch (Unusable noTime) {
      refused(image.name(), state, noTime);
      return;
    }
    try {
      EncodedImage picture = pictures.image(message);
      harvest.samples().add(new Sample(image.name(), new SampleValue.Image(picture), 0, time));
      state.took(picture.toString(), time);
    } catch (Unusable noImage) {
      harvest.samples().add(new Sample(image.name(), null, BAD_TYPE_MISMATCH, time));
      refused(image.name(), state, noImage);
    }
  }

  private void label(LabelSetting label, EntryState state, JsonNode json, Harvest harvest) {
    try {
      String serial = JsonField.serial(json, label.serial());
      Instant time = JsonField.time(json, label.time());
      DataRole role = label.role() == null ? null : JsonField.role(json, label.role()).orElse(null);
      String value =
          label.unit() == null ? className(label, serial, json, harvest) : number(label, json);
      harvest.labels().add(new LabelReport(serial, label.name(), value, source, time, role));
      state.took(value, time);
    } catch (Unusable unusable) {
      refused(label.name(), state, unusable);
    }
  }

  private static String className(LabelSetting label, String serial, JsonNode json, Harvest harvest)
      throws Unusable {
    String className = label.codes().get(JsonField.code(json, label.value()));
    if (className == null) {
      harvest.unmapped().add(new Harvest.Unmapped(label.name(), serial));
      throw new Unusable("unmapped code");
    }
    return className;
  }

  private static String number(LabelSetting label, JsonNode json) throws Unusable {
    return Double.toString(JsonField.number(json, label.value()));
  }

  private void refused(String entry, EntryState state, Unusable message) {
    if (state.refused(message.why()) == 1) {
      LOG.info(
          "signal-mqtt {}: a message for {} was refused ({}); correct what sends it, or the entry"
              + " in its configuration; later ones are only counted",
          source,
          entry,
          message.why());
    }
  }

  List<SignalReading> readings() {
    return Stream.of(
            signals.stream().map(LiveSignal::state),
            images.stream().map(LiveImage::state),
            labels.stream().map(LiveLabel::state))
        .flatMap(each -> each)
        .map(EntryState::reading)
        .toList();
  }

  /** Messages of topics that no entry asks for: a former configuration subscribed to them. */
  long unasked() {
    return unasked.get();
  }

  private static String shown(SampleValue value) {
    if (value instanceof SampleValue.Number number) {
      return String.valueOf(number.value());
    }
    if (value instanceof SampleValue.Bool bool) {
      return String.valueOf(bool.value());
    }
    String text = value instanceof SampleValue.Text t ? t.value() : value.toString();
    return text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "...";
  }
}
