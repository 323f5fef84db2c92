// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.djl.internal;

import ai.djl.engine.EngineProvider;
import java.util.List;
import org.fedwerk.api.status.StatusLine;
import org.fedwerk.api.status.StatusLine.State;
import org.fedwerk.api.status.StatusSource;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/**
 * Tells how the learning engine is, also while there is none; that is why it is not the engine's
 * own component.
 */
@Component(service = StatusSource.class, configurationPid = EngineSettings.PID)
public final class EngineStatus implements StatusSource {
  private static final String SUBJECT = "learn-djl";

  private final Config config;
  private volatile @Nullable EngineProvider provider;
  private volatile boolean stopping;

  @Activate
  public EngineStatus(Config config) {
    this.config = config;
  }

  @Reference(
      target = "(engine=PyTorch)",
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC)
  void bindProvider(EngineProvider added) {
    provider = added;
  }

  /** A provider that comes in its place is bound before, so the field may hold that one. */
  void unbindProvider(EngineProvider removed) {
    if (removed.equals(provider)) {
      provider = null;
    }
    if (!stopping && NativeRecord.description().isPresent()) {
      NativeRecord.restartNeeded(
          "the engine's bundle was removed or refreshed after its native library was loaded");
    }
  }

  @Deactivate
  void stop() {
    stopping = true;
  }

  @Override
  public List<StatusLine> status() {
    return List.of(line());
  }

  private StatusLine line() {
    EngineSettings settings;
    try {
      settings = EngineSettings.of(config);
    } catch (IllegalArgumentException refused) {
      return new StatusLine(SUBJECT, State.DOWN, String.valueOf(refused.getMessage()));
    }
    if (NativeRecord.restartReason().isPresent()) {
      return restart(NativeRecord.restartReason().get());
    }
    if (NativeRecord.loadedOtherwise(settings)) {
      return restart("settings have changed that are read only when the native library is loaded");
    }
    if (NativeRecord.failure().isPresent()) {
      return new StatusLine(SUBJECT, State.DOWN, NativeRecord.failure().get());
    }
    if (provider == null) {
      return new StatusLine(
          SUBJECT,
          State.STARTING,
          "waiting for the engine "
              + settings.engine()
              + "; if it does not come, install the feature fedwerk-engine-pytorch");
    }
    return new StatusLine(
        SUBJECT,
        State.READY,
        NativeRecord.description()
            .orElse(settings.engine() + ", loaded at the first training or prediction"));
  }

  private static StatusLine restart(String why) {
    return new StatusLine(SUBJECT, State.RESTART_NEEDED, why + "; restart the process");
  }
}
