// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.djl.internal;

import java.util.Collection;
import java.util.Optional;
import java.util.stream.Collectors;
import org.fedwerk.api.status.StatusLine;
import org.fedwerk.api.status.StatusLine.State;

/** Tells in one line how the learning engine is, also while there is none. */
final class EngineStatus {
  private static final String SUBJECT = "learn-djl";

  private EngineStatus() {}

  /** The line for a configuration that is not allowed, or not to be had. */
  static StatusLine refused(String why) {
    return new StatusLine(SUBJECT, State.DOWN, why);
  }

  /**
   * The line for an allowed configuration.
   *
   * @param chosen what trains; empty while it is not installed
   * @param installed engines that are there, for the one who installed another than is asked for
   */
  static StatusLine of(
      EngineSettings settings, Optional<Framework> chosen, Collection<Framework> installed) {
    Optional<Framework> meant = chosen.or(settings::framework);
    Optional<NativeRecord> record = meant.map(NativeRecord::new);
    Optional<String> restart = record.flatMap(NativeRecord::restartReason);
    if (restart.isPresent()) {
      return restart(restart.get());
    }
    if (record.filter(each -> each.loadedOtherwise(settings)).isPresent()) {
      return restart("settings have changed that are read only when the native library is loaded");
    }
    Optional<String> failure = record.flatMap(NativeRecord::failure);
    if (failure.isPresent()) {
      return new StatusLine(SUBJECT, State.DOWN, failure.get());
    }
    if (chosen.isEmpty()) {
      return new StatusLine(SUBJECT, State.STARTING, waiting(settings, installed));
    }
    String name = chosen.get().engine();
    return new StatusLine(
        SUBJECT,
        State.READY,
        record
            .flatMap(NativeRecord::description)
            .orElse(name + ", loaded at the first training or prediction"));
  }

  private static StatusLine restart(String why) {
    return new StatusLine(SUBJECT, State.RESTART_NEEDED, why + "; restart the process");
  }

  private static String waiting(EngineSettings settings, Collection<Framework> installed) {
    Framework wanted = settings.framework().orElse(Framework.PYTORCH);
    String text =
        "waiting for the engine "
            + wanted.engine()
            + "; if it does not come, install the feature "
            + wanted.feature();
    if (installed.isEmpty()) {
      return text;
    }
    String others = installed.stream().map(Framework::engine).collect(Collectors.joining(", "));
    return text + "; installed is " + others + ", which engine = auto would take";
  }
}
