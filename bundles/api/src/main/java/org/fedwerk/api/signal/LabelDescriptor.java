// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.signal;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A label that a site has.
 *
 * @param name the label's name
 * @param classes what the site's code table can give: class names, or several joined by {@link
 *     org.fedwerk.api.data.Target#AND}; none for a number
 * @param unit of a number, empty if it has none; null for classes
 */
public record LabelDescriptor(String name, List<String> classes, @Nullable String unit) {
  public LabelDescriptor {
    classes = List.copyOf(classes);
  }

  /** A label of classes. */
  public LabelDescriptor(String name, List<String> classes) {
    this(name, classes, null);
  }

  /** A label that is a number. */
  public static LabelDescriptor ofNumber(String name, String unit) {
    return new LabelDescriptor(name, List.of(), unit);
  }
}
