// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.metrics.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.fedwerk.api.status.StatusLine;
import org.fedwerk.api.status.StatusSource;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/**
 * Rooms that could not start, for example because of a value in their configuration or a file: they
 * cannot speak for themselves.
 */
@Component(service = StatusSource.class)
public final class FailedComponents implements StatusSource {
  private static final String OURS = "org.fedwerk.";

  /** Felix says so of a component that only waits for another one that failed. */
  private static final String CONSEQUENCE = "Unable to get service for reference";

  private static final String CAUSE = "Caused by: ";

  private final ServiceComponentRuntime runtime;

  /** Asks the runtime of Declarative Services. */
  @Activate
  public FailedComponents(@Reference ServiceComponentRuntime runtime) {
    this.runtime = runtime;
  }

  @Override
  public List<StatusLine> status() {
    List<StatusLine> lines = new ArrayList<>();
    for (ComponentDescriptionDTO component : runtime.getComponentDescriptionDTOs()) {
      for (ComponentConfigurationDTO each : runtime.getComponentConfigurationDTOs(component)) {
        line(component, each).ifPresent(lines::add);
      }
    }
    return lines;
  }

  /** What is to be said of a component; nothing if it is not ours or did not fail. */
  static Optional<StatusLine> line(
      ComponentDescriptionDTO component, ComponentConfigurationDTO configuration) {
    String bundle = component.bundle.symbolicName;
    if (configuration.state != ComponentConfigurationDTO.FAILED_ACTIVATION
        || !bundle.startsWith(OURS)
        || configuration.failure.contains(CONSEQUENCE)) {
      return Optional.empty();
    }
    return Optional.of(
        new StatusLine(
            bundle.substring(OURS.length()).replace('.', '-'),
            StatusLine.State.DOWN,
            "could not start: " + reason(configuration.failure)));
  }

  /** What the room's own exception says: it is the first cause, below those of the runtime. */
  static String reason(String failure) {
    String thrown =
        failure
            .lines()
            .filter(line -> line.startsWith(CAUSE))
            .findFirst()
            .map(line -> line.substring(CAUSE.length()))
            .or(() -> failure.lines().findFirst())
            .orElse("unknown");
    int colon = thrown.indexOf(": ");
    boolean named = colon > 0 && thrown.substring(0, colon).matches("[\\w.$]+");
    return named ? thrown.substring(colon + 2) : thrown;
  }
}
