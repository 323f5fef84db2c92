// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.signal;

import java.util.List;

/**
 * A label that a site has.
 *
 * @param name the label's name
 * @param classes the class names that the site's code table can give
 */
public record LabelDescriptor(String name, List<String> classes) {
  public LabelDescriptor {
    classes = List.copyOf(classes);
  }
}
