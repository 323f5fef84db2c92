// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Services as Karaf hands them to a command. */
final class Injected {
  private Injected() {}

  /** What is there: Karaf puts null in the place of a service whose room could not start. */
  static <T> List<T> of(@Nullable List<T> services) {
    return services == null ? List.of() : services.stream().filter(Objects::nonNull).toList();
  }
}
