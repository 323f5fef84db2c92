// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.djl.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.engine.EngineProvider;
import java.lang.annotation.Annotation;
import org.fedwerk.api.status.StatusLine;
import org.fedwerk.api.status.StatusLine.State;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EngineStatusTest {
  private final EngineStatus status = new EngineStatus(new TestConfig("cpu", 1));

  @BeforeEach
  @AfterEach
  void asInAFreshJvm() {
    System.getProperties().stringPropertyNames().stream()
        .filter(key -> key.startsWith(EngineSettings.PID))
        .forEach(System::clearProperty);
  }

  @Test
  void withoutAnEngineItIsStartingAndNamesTheFeature() {
    assertLine(State.STARTING, "fedwerk-engine-pytorch");
  }

  @Test
  void withAnEngineItIsReadyAndTellsItsDescriptionOnceLoaded() {
    status.bindProvider(new TestProvider());
    assertLine(State.READY, "loaded at the first training");

    DjlEngine engine = new DjlEngine(new TestProvider(), new TestConfig("cpu", 1));

    assertTrue(
        engine.description().matches("PyTorch \\d+\\.\\d+\\.\\d+ cpu, 1 thread"),
        engine.description());
    assertLine(State.READY, engine.description());
  }

  @Test
  void anEngineThatGoesAfterItsLibraryWasLoadedNeedsARestartEvenIfItComesBack() {
    EngineProvider first = new TestProvider();
    status.bindProvider(first);
    NativeRecord.loaded("PyTorch", EngineSettings.defaults());

    status.unbindProvider(first);
    assertLine(State.RESTART_NEEDED, "removed or refreshed");

    status.bindProvider(new TestProvider());
    assertLine(State.RESTART_NEEDED, "removed or refreshed");
  }

  @Test
  void anEngineThatGoesUnusedIsWaitedFor() {
    EngineProvider first = new TestProvider();
    status.bindProvider(first);
    status.unbindProvider(first);

    assertLine(State.STARTING, "waiting");
  }

  @Test
  void anEngineThatGoesWithThisBundleIsNoNews() {
    EngineProvider first = new TestProvider();
    status.bindProvider(first);
    NativeRecord.loaded("PyTorch", EngineSettings.defaults());

    status.stop();
    status.unbindProvider(first);

    assertTrue(NativeRecord.restartReason().isEmpty());
  }

  @Test
  void settingsThatAreReadOnceNeedARestartWhenTheyChange() {
    status.bindProvider(new TestProvider());
    NativeRecord.loaded(
        "PyTorch 2 threads", new EngineSettings("cpu", 2, "PyTorch", "", "", "cpu"));

    assertLine(State.RESTART_NEEDED, "settings have changed");
  }

  @Test
  void aLibraryThatCannotBeLoadedIsDownWithTheReason() {
    EngineProvider broken =
        new TestProvider() {
          @Override
          public Engine getEngine() {
            throw new EngineException("libtorch is missing");
          }
        };
    status.bindProvider(broken);
    DjlEngine engine = new DjlEngine(broken, new TestConfig("auto", 1));

    assertThrows(IllegalStateException.class, engine::description);
    assertLine(State.DOWN, "libtorch is missing");
  }

  @Test
  void aConfigurationThatIsRefusedIsDownAndNamesPidKeyValueAndWhatIsAllowed() {
    EngineStatus refused = new EngineStatus(new TestConfig("tpu", 1));

    StatusLine line = refused.status().get(0);

    assertEquals(State.DOWN, line.state());
    assertEquals(
        "org.fedwerk.learn.djl: device = tpu is not allowed; allowed is auto or cpu",
        line.detail());
  }

  @Test
  void everySettingIsChecked() {
    assertRefused("threads = 0", "cpu", 0, "PyTorch", "", "cpu");
    assertRefused("threads = 65", "cpu", 65, "PyTorch", "", "cpu");
    assertRefused("engine = MXNet", "cpu", 1, "MXNet", "", "cpu");
    assertRefused("library = no/such/folder", "cpu", 1, "PyTorch", "no/such/folder", "cpu");
    assertRefused("library.flavor = rocm", "cpu", 1, "PyTorch", "", "rocm");
  }

  private static void assertRefused(
      String part, String device, int threads, String engine, String library, String flavor) {
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> new EngineSettings(device, threads, engine, "", library, flavor))
            .getMessage();
    assertTrue(message.contains(part), message);
  }

  private void assertLine(State state, String part) {
    StatusLine line = status.status().get(0);
    assertEquals(state, line.state(), line.detail());
    assertTrue(line.detail().contains(part), line.detail());
  }

  /** As the engine's bundle publishes it. */
  private static class TestProvider implements EngineProvider {
    @Override
    public String getEngineName() {
      return "PyTorch";
    }

    @Override
    public int getEngineRank() {
      return 2;
    }

    @Override
    public Engine getEngine() {
      return Engine.getEngine("PyTorch");
    }
  }

  /** A configuration as Declarative Services hands it over. */
  @SuppressWarnings("BadAnnotationImplementation")
  private record TestConfig(String device, int threads) implements Config {
    @Override
    public String engine() {
      return "PyTorch";
    }

    @Override
    public String cache() {
      return "";
    }

    @Override
    public String library() {
      return "";
    }

    @Override
    public String library_flavor() {
      return "cpu";
    }

    @Override
    public Class<? extends Annotation> annotationType() {
      return Config.class;
    }
  }
}
