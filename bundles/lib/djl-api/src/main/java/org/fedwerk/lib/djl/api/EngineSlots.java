// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.lib.djl.api;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.engine.EngineProvider;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The engines of this JVM, one exchangeable slot per engine name.
 *
 * <p>DJL keeps the first provider of a name for ever and has no way to take one out, which does not
 * survive the refresh of an engine's bundle. So DJL is given a slot, and bundles fill and empty it.
 * All methods may be called from any thread.
 */
public final class EngineSlots {

  private static final String DEFAULT_ENGINE = "ai.djl.default_engine";
  private static final Map<String, Slot> SLOTS = new ConcurrentHashMap<>();

  static {
    // Both are read when DJL's classes load. Without the first, DJL calls a telemetry address.
    // Without the second, an MXNet trainer keeps a copy of all parameters of its own and values
    // written from Java are lost at the next step.
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("ai.djl.use_local_parameter_server", "true");
    initialiseDjl();
  }

  private EngineSlots() {}

  /** Prepares DJL; needed once per JVM before anything else of DJL is used, harmless after it. */
  public static void prepare() {
    // The static initialiser has done it.
  }

  /**
   * Makes an engine available to DJL under its name, in place of an earlier one of that name. The
   * first engine becomes DJL's default unless the system property {@code ai.djl.default_engine} is
   * set.
   */
  public static void fill(EngineProvider provider) {
    String name = provider.getEngineName();
    SLOTS.computeIfAbsent(name, absent -> register(provider)).provider = provider;
    if (System.getProperty(DEFAULT_ENGINE) == null) {
      System.setProperty(DEFAULT_ENGINE, name);
    }
  }

  /** Takes an engine away; a later engine of the same name that has its place is left alone. */
  public static void empty(EngineProvider provider) {
    Slot slot = SLOTS.get(provider.getEngineName());
    if (slot != null && slot.provider == provider) {
      slot.provider = null;
    }
  }

  private static Slot register(EngineProvider provider) {
    Slot slot = new Slot(provider.getEngineName(), provider.getEngineRank());
    Engine.registerEngine(slot);
    return slot;
  }

  /**
   * Class Engine looks for providers and for its default engine once, when it loads; a default that
   * is not there yet makes it unusable for ever. So it loads here, with the default hidden and with
   * the class loader that sees no foreign provider.
   */
  private static void initialiseDjl() {
    String wanted = System.clearProperty(DEFAULT_ENGINE);
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(Engine.class.getClassLoader());
    try {
      Engine.getAllEngines();
    } finally {
      thread.setContextClassLoader(before);
      if (wanted != null) {
        System.setProperty(DEFAULT_ENGINE, wanted);
      }
    }
  }

  private static final class Slot implements EngineProvider {

    private final String name;
    private final int rank;
    private volatile @Nullable EngineProvider provider;

    Slot(String name, int rank) {
      this.name = name;
      this.rank = rank;
    }

    @Override
    public String getEngineName() {
      return name;
    }

    @Override
    public int getEngineRank() {
      return rank;
    }

    @Override
    public Engine getEngine() {
      EngineProvider current = provider;
      if (current == null) {
        throw new EngineException(
            "Engine " + name + " is not available: its bundle is stopped. Start it again.");
      }
      return current.getEngine();
    }
  }
}
