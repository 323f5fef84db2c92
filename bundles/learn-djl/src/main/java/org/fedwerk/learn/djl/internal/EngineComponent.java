// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.djl.internal;

import ai.djl.engine.EngineProvider;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.fedwerk.api.learn.Engine;
import org.fedwerk.api.status.StatusLine;
import org.fedwerk.api.status.StatusSource;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the engine that the configuration asks for, as soon as its bundle is there, and tells
 * how it is. Another engine that is installed or removed meanwhile changes nothing. Where CUDA is
 * asked for the library is loaded at once, since nothing else can say whether there is any.
 */
@Component(service = StatusSource.class, immediate = true, configurationPid = EngineSettings.PID)
@Designate(ocd = Config.class)
public final class EngineComponent implements StatusSource {
  private static final Logger LOG = LoggerFactory.getLogger(EngineComponent.class);

  private final Publication publication;
  private final Map<Framework, EngineProvider> providers = new ConcurrentSkipListMap<>();
  private final @Nullable EngineSettings settings;
  private volatile @Nullable Running running;
  private volatile String refusal = "";
  private boolean active;

  /** Where an engine is made known. */
  interface Publication {
    /** Makes it known; what is returned takes it back. */
    Runnable publish(Engine engine);
  }

  private record Running(Framework framework, DjlEngine engine, Runnable withdraw) {}

  @Activate
  public EngineComponent(BundleContext context, Config config) {
    this(
        config,
        engine -> {
          ServiceRegistration<Engine> service = context.registerService(Engine.class, engine, null);
          return service::unregister;
        });
  }

  EngineComponent(Config config, Publication publication) {
    this.publication = publication;
    EngineSettings allowed = null;
    try {
      allowed = EngineSettings.of(config);
    } catch (IllegalArgumentException notAllowed) {
      refuse(notAllowed);
    }
    settings = allowed;
  }

  private void refuse(Exception why) {
    refusal = String.valueOf(why.getMessage());
    LOG.error("{}", refusal);
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  synchronized void bindProvider(EngineProvider added) {
    Framework.of(added.getEngineName())
        .ifPresent(
            framework -> {
              providers.put(framework, added);
              choose();
            });
  }

  /** A provider that comes in its place is bound before, so the map may hold that one. */
  synchronized void unbindProvider(EngineProvider removed) {
    Optional<Framework> gone = Framework.of(removed.getEngineName());
    if (gone.isEmpty()) {
      return;
    }
    NativeRecord record = new NativeRecord(gone.get());
    if (active && record.description().isPresent()) {
      record.restartNeeded(
          "the engine's bundle was removed or refreshed after its native library was loaded");
    }
    if (!removed.equals(providers.get(gone.get()))) {
      return;
    }
    providers.remove(gone.get());
    Running current = running;
    if (current != null && current.framework() == gone.get()) {
      end();
    }
    choose();
  }

  /** All engines that are there at this time are bound, so that the choice is among them. */
  @Activate
  synchronized void start() {
    active = true;
    choose();
  }

  private void choose() {
    if (!active || running != null || settings == null || !refusal.isEmpty()) {
      return;
    }
    EngineSettings wanted = settings;
    Optional<Framework> chosen =
        wanted
            .framework()
            .or(() -> providers.keySet().stream().findFirst())
            .filter(providers::containsKey);
    chosen.ifPresent(framework -> run(framework, wanted));
  }

  private void run(Framework framework, EngineSettings wanted) {
    EngineProvider provider = providers.get(framework);
    if (provider == null) {
      return;
    }
    DjlEngine engine = new DjlEngine(framework, wanted, provider::getEngine);
    if (wanted.device().equals(EngineSettings.CUDA)) {
      try {
        engine.description();
      } catch (IllegalStateException none) {
        refuse(none);
        return;
      }
    }
    running = new Running(framework, engine, publication.publish(engine));
  }

  /** Its users are told first, so that they end in order. */
  private void end() {
    Running ended = running;
    running = null;
    if (ended != null) {
      ended.withdraw().run();
      ended.engine().stop();
    }
  }

  @Deactivate
  synchronized void stop() {
    active = false;
    end();
  }

  @Override
  public List<StatusLine> status() {
    if (settings == null || !refusal.isEmpty()) {
      return List.of(EngineStatus.refused(refusal));
    }
    Optional<Framework> chosen = Optional.ofNullable(running).map(Running::framework);
    return List.of(EngineStatus.of(settings, chosen, providers.keySet()));
  }
}
