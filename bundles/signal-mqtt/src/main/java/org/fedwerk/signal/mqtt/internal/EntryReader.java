// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.mqtt.internal;

import com.fasterxml.jackson.core.JsonPointer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code signal.<name>}, {@code image.<name>}, {@code label.<name>} and {@code
 * label.<name>.codes}.
 */
final class EntryReader {
  static final String IMAGE = "image.";

  private static final String SIGNAL = "signal.";
  private static final String LABEL = "label.";
  private static final String CODES = ".codes";
  private static final String UNIT = ".unit";
  private static final String ROLE = "role=";
  private static final String SIGNAL_SHAPE =
      "write <topic filter> | <value pointer> | <time pointer> | <unit>";
  private static final String LABEL_SHAPE =
      "write <topic filter> | <serial pointer> | <value pointer> | <time pointer> [| role=<pointer>]";
  private static final String CODES_SHAPE = "write <code>=<class>, <code>=<class>, ...";

  /** RFC 6901; the library also takes a tilde that escapes nothing. */
  private static final Pattern POINTER = Pattern.compile("(/([^/~]|~[01])*)*");

  private static final TopicFilter NOWHERE = new TopicFilter("nowhere");
  private static final JsonPointer NOTHING = JsonPointer.empty();

  /** Takes refusals. */
  @FunctionalInterface
  interface Refusals {
    void refuse(String key, String value, String allowed);
  }

  private final Map<String, String> entries = new TreeMap<>();
  private final String part;
  private final Refusals refusals;

  EntryReader(Map<String, ?> keys, String part, Refusals refusals) {
    keys.forEach(
        (key, value) -> {
          if (owns(key)) {
            entries.put(key, String.valueOf(value));
          }
        });
    this.part = part;
    this.refusals = refusals;
  }

  /** True if the key is read here. */
  static boolean owns(String key) {
    return key.startsWith(SIGNAL) && key.length() > SIGNAL.length()
        || isImage(key)
        || key.startsWith(LABEL) && key.length() > LABEL.length() && !key.equals(LABEL + CODES);
  }

  List<SignalSetting> signals() {
    List<SignalSetting> signals = new ArrayList<>();
    entries.forEach(
        (key, value) -> {
          if (key.startsWith(SIGNAL)) {
            signals.add(signal(key, value));
          }
        });
    if (!part.isEmpty() && signals.stream().noneMatch(SignalSetting::part)) {
      refusals.refuse("part", part, "there is no signal." + part);
    }
    return signals;
  }

  /** The bounds of all images begin alike. */
  private static boolean isImage(String key) {
    return key.startsWith(IMAGE)
        && key.length() > IMAGE.length()
        && !key.startsWith("max-", IMAGE.length());
  }

  List<ImageSetting> images() {
    List<ImageSetting> images = new ArrayList<>();
    entries.forEach(
        (key, value) -> {
          if (isImage(key)) {
            String name = key.substring(IMAGE.length());
            if (value.indexOf('|') >= 0) {
              refusals.refuse(key, value, "write <topic filter>: a message is the image itself");
            } else if (entries.containsKey(SIGNAL + name)) {
              refusals.refuse(key, value, "there is a signal." + name + "; take another name");
            } else {
              images.add(new ImageSetting(name, filter(key, value)));
            }
          }
        });
    return images;
  }

  List<LabelSetting> labels() {
    List<LabelSetting> labels = new ArrayList<>();
    entries.forEach(
        (key, value) -> {
          String suffix = key.endsWith(CODES) ? CODES : key.endsWith(UNIT) ? UNIT : "";
          String of = key.substring(0, key.length() - suffix.length());
          if (key.startsWith(LABEL) && suffix.isEmpty()) {
            labels.add(label(key, value));
          } else if (key.startsWith(LABEL) && !entries.containsKey(of)) {
            refusals.refuse(key, value, "there is no " + of);
          }
        });
    return labels;
  }

  private SignalSetting signal(String key, String text) {
    String name = key.substring(SIGNAL.length());
    String[] fields = text.split("\\|", -1);
    if (fields.length < 3 || fields.length > 4) {
      refusals.refuse(key, text, SIGNAL_SHAPE);
      return new SignalSetting(name, NOWHERE, NOTHING, NOTHING, "", name.equals(part));
    }
    return new SignalSetting(
        name,
        filter(key, fields[0]),
        pointer(key, fields[1], "value"),
        member(key, fields[2], "time"),
        fields.length > 3 ? fields[3].strip() : "",
        name.equals(part));
  }

  private LabelSetting label(String key, String text) {
    String name = key.substring(LABEL.length());
    String[] fields = text.split("\\|", -1);
    boolean hasRole = fields.length == 5;
    if (fields.length < 4 || fields.length > 5 || hasRole && !fields[4].strip().startsWith(ROLE)) {
      refusals.refuse(key, text, LABEL_SHAPE);
      return new LabelSetting(name, NOWHERE, NOTHING, NOTHING, NOTHING, null, Map.of(), null);
    }
    String unit = entries.get(key + UNIT);
    if (unit != null && entries.containsKey(key + CODES)) {
      refusals.refuse(
          key + UNIT, unit, "a label is a number with a unit or has codes; leave one out");
    }
    return new LabelSetting(
        name,
        filter(key, fields[0]),
        member(key, fields[1], "serial"),
        member(key, fields[2], "value"),
        member(key, fields[3], "time"),
        hasRole ? member(key, fields[4].strip().substring(ROLE.length()), "role") : null,
        unit == null ? codes(key + CODES, entries.get(key + CODES)) : Map.of(),
        unit == null ? null : unit.strip());
  }

  private Map<String, String> codes(String key, @Nullable String text) {
    Map<String, String> codes = new LinkedHashMap<>();
    if (text == null || text.isBlank()) {
      refusals.refuse(key, "", CODES_SHAPE);
      return codes;
    }
    for (String entry : text.split(",", -1)) {
      int equals = entry.indexOf('=');
      String code = equals < 0 ? "" : entry.substring(0, equals).strip();
      String name = entry.substring(equals + 1).strip();
      if (code.isEmpty() || name.isEmpty()) {
        refusals.refuse(key, entry.strip(), CODES_SHAPE);
      } else if (codes.putIfAbsent(code, name) != null) {
        refusals.refuse(key, entry.strip(), "write each code once");
      }
    }
    return codes;
  }

  private TopicFilter filter(String key, String field) {
    try {
      return new TopicFilter(field.strip());
    } catch (IllegalArgumentException malformed) {
      refusals.refuse(key, field.strip(), "the topic filter reads for example plant1/quality/#");
      return NOWHERE;
    }
  }

  /** A pointer into a message; an empty one is all of it. */
  private JsonPointer pointer(String key, String field, String what) {
    String text = field.strip();
    if (!POINTER.matcher(text).matches()) {
      refusals.refuse(
          key, text, "the " + what + " pointer is a JSON pointer (RFC 6901) such as /" + what);
      return NOTHING;
    }
    return JsonPointer.compile(text);
  }

  private JsonPointer member(String key, String field, String what) {
    if (field.isBlank()) {
      refusals.refuse(key, "", "the " + what + " pointer is a JSON pointer such as /" + what);
    }
    return pointer(key, field, what);
  }
}
