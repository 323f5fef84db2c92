// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.mqtt.internal;

import com.fasterxml.jackson.core.JsonPointer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.fedwerk.api.signal.LabelDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * One label as configured.
 *
 * @param name the label's name
 * @param filter where its messages come
 * @param serial where the part's serial stands in a message
 * @param value where the code stands
 * @param time where the time stands
 * @param role where the role stands, if the data's owner gives one; null if never
 * @param codes the site's code table, code to class name, in its order; none for a number
 * @param unit of a number, empty if it has none; null for classes
 */
public record LabelSetting(
    String name,
    TopicFilter filter,
    JsonPointer serial,
    JsonPointer value,
    JsonPointer time,
    @Nullable JsonPointer role,
    Map<String, String> codes,
    @Nullable String unit) {
  public LabelSetting {
    codes = Collections.unmodifiableMap(new LinkedHashMap<>(codes));
  }

  /** With the classes in the order of the table, or with the unit of the number. */
  LabelDescriptor descriptor() {
    return new LabelDescriptor(name, codes.values().stream().distinct().toList(), unit);
  }
}
