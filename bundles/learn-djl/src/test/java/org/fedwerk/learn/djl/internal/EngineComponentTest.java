// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.djl.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.engine.EngineProvider;
import java.lang.annotation.Annotation;
import java.util.ArrayList;
import java.util.List;
import org.fedwerk.api.status.StatusLine;
import org.fedwerk.api.status.StatusLine.State;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which engine is published, and what is told of it. The library is that of PyTorch. */
class EngineComponentTest {
  private static final NativeRecord RECORD = new NativeRecord(Framework.PYTORCH);

  /** Engines that are published now. */
  private final List<org.fedwerk.api.learn.Engine> published = new ArrayList<>();

  @BeforeEach
  @AfterEach
  void asInAFreshJvm() {
    System.getProperties().stringPropertyNames().stream()
        .filter(key -> key.startsWith(EngineSettings.PID))
        .forEach(System::clearProperty);
  }

  private EngineComponent started(Config config, EngineProvider... installed) {
    EngineComponent component =
        new EngineComponent(
            config,
            engine -> {
              published.add(engine);
              return () -> published.remove(engine);
            });
    for (EngineProvider provider : installed) {
      component.bindProvider(provider);
    }
    component.start();
    return component;
  }

  @Test
  void withoutAnEngineItIsStartingAndNamesTheFeature() {
    assertLine(started(new TestConfig()), State.STARTING, "fedwerk-engine-pytorch");
    assertEquals(List.of(), published);
  }

  @Test
  void anEngineThatIsAskedForButNotInstalledIsNamedWithItsFeatureAndWhatThereIs() {
    EngineComponent component = started(new TestConfig().of("mxnet"), new TestProvider("PyTorch"));

    assertLine(component, State.STARTING, "waiting for the engine MXNet");
    assertLine(component, State.STARTING, "install the feature fedwerk-engine-mxnet");
    assertLine(component, State.STARTING, "installed is PyTorch");
    assertEquals(List.of(), published);

    component.bindProvider(new TestProvider("MXNet"));
    assertLine(component, State.READY, "MXNet, loaded at the first training");
    assertEquals(1, published.size());
  }

  @Test
  void autoTakesPyTorchIfItIsThereElseMxNet() {
    TestProvider mxNet = new TestProvider("MXNet");
    TestProvider pyTorch = new TestProvider("PyTorch");

    assertLine(started(new TestConfig().of("auto"), mxNet, pyTorch), State.READY, "PyTorch,");
    EngineComponent other = started(new TestConfig().of("auto"), mxNet);
    assertLine(other, State.READY, "MXNet,");

    other.bindProvider(pyTorch);
    assertLine(other, State.READY, "MXNet,");
    other.unbindProvider(mxNet);
    assertLine(other, State.READY, "PyTorch,");
  }

  @Test
  void withAnEngineItIsReadyAndTellsItsDescriptionAndWhyThereIsNoCudaOnceLoaded() {
    EngineComponent component = started(new TestConfig(), new TestProvider("PyTorch"));
    assertLine(component, State.READY, "loaded at the first training");

    String description = published.get(0).description();

    assertTrue(description.matches("PyTorch \\d+\\.\\d+\\.\\d+ cpu, 1 thread"), description);
    assertLine(component, State.READY, description + "; no CUDA: PyTorch ");
    assertLine(component, State.READY, " built for the CPU");
  }

  @Test
  void cudaThatIsNotThereIsNoEngineAndSaysWhatWasFound() {
    TestProvider pyTorch = new TestProvider("PyTorch");
    EngineComponent component = started(new TestConfig().on("cuda"), pyTorch);

    assertEquals(List.of(), published);
    assertLine(component, State.DOWN, "org.fedwerk.learn.djl: device = cuda cannot be had");
    assertLine(component, State.DOWN, "found is PyTorch 2.7.1 built for the CPU");

    component.stop();
    assertLine(started(new TestConfig().on("cpu"), pyTorch), State.READY, "PyTorch 2.7.1");
    assertEquals(1, published.size());
  }

  @Test
  void anEngineThatGoesAfterItsLibraryWasLoadedNeedsARestartEvenIfItComesBack() {
    EngineProvider first = new TestProvider("PyTorch");
    EngineComponent component = started(new TestConfig(), first);
    RECORD.loaded("PyTorch", EngineSettings.defaults());

    component.unbindProvider(first);
    assertLine(component, State.RESTART_NEEDED, "removed or refreshed");
    assertEquals(List.of(), published);

    component.bindProvider(new TestProvider("PyTorch"));
    assertLine(component, State.RESTART_NEEDED, "removed or refreshed");
  }

  @Test
  void anEngineThatIsReplacedIsPublishedAnew() {
    EngineProvider first = new TestProvider("PyTorch");
    EngineComponent component = started(new TestConfig(), first);
    org.fedwerk.api.learn.Engine before = published.get(0);

    component.unbindProvider(first);
    assertLine(component, State.STARTING, "waiting");
    component.bindProvider(new TestProvider("PyTorch"));

    assertEquals(1, published.size());
    assertNotSame(before, published.get(0));
  }

  @Test
  void anEngineThatGoesWithThisBundleIsNoNews() {
    EngineProvider first = new TestProvider("PyTorch");
    EngineComponent component = started(new TestConfig(), first);
    RECORD.loaded("PyTorch", EngineSettings.defaults());

    component.stop();
    component.unbindProvider(first);

    assertTrue(RECORD.restartReason().isEmpty());
    assertEquals(List.of(), published);
  }

  @Test
  void settingsThatAreReadOnceNeedARestartWhenTheyChange() {
    EngineComponent component = started(new TestConfig(), new TestProvider("PyTorch"));
    RECORD.loaded("PyTorch 2 threads", new EngineSettings("cpu", 2, "PyTorch", "", "", "cpu", ""));

    assertLine(component, State.RESTART_NEEDED, "settings have changed");
  }

  @Test
  void aLibraryThatCannotBeLoadedIsDownWithTheReason() {
    EngineProvider broken =
        new TestProvider("PyTorch") {
          @Override
          public Engine getEngine() {
            throw new EngineException("libtorch is missing");
          }
        };
    EngineComponent component = started(new TestConfig(), broken);

    assertThrows(IllegalStateException.class, () -> published.get(0).description());
    assertLine(component, State.DOWN, "libtorch is missing");
    assertLine(component, State.DOWN, "fedwerk-engine-pytorch");
  }

  @Test
  void aConfigurationThatIsRefusedIsDownAndNamesPidKeyValueAndWhatIsAllowed() {
    EngineComponent refused = started(new TestConfig().on("tpu"), new TestProvider("PyTorch"));

    StatusLine line = refused.status().get(0);

    assertEquals(State.DOWN, line.state());
    assertEquals(
        "org.fedwerk.learn.djl: device = tpu is not allowed; allowed is auto or cpu or cuda",
        line.detail());
    assertEquals(List.of(), published);
  }

  @Test
  void everySettingIsChecked() {
    assertRefused("threads = 0", "cpu", 0, "PyTorch", "", "cpu");
    assertRefused("threads = 65", "cpu", 65, "PyTorch", "", "cpu");
    assertRefused("engine = TensorFlow", "cpu", 1, "TensorFlow", "", "cpu");
    assertRefused("library = no/such/folder", "cpu", 1, "PyTorch", "no/such/folder", "cpu");
    assertRefused("with engine = mxnet", "cpu", 1, "mxnet", ".", "cpu");
    assertRefused("library.flavor = rocm", "cpu", 1, "PyTorch", "", "rocm");
  }

  private static void assertRefused(
      String part, String device, int threads, String engine, String library, String flavor) {
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> new EngineSettings(device, threads, engine, "", library, flavor, ""))
            .getMessage();
    assertTrue(message.contains(part), message);
  }

  private static void assertLine(EngineComponent component, State state, String part) {
    StatusLine line = component.status().get(0);
    assertEquals(state, line.state(), line.detail());
    assertTrue(line.detail().contains(part), line.detail());
  }

  /** As the engine's bundle publishes it. */
  private static class TestProvider implements EngineProvider {
    private final String name;

    TestProvider(String name) {
      this.name = name;
    }

    @Override
    public String getEngineName() {
      return name;
    }

    @Override
    public int getEngineRank() {
      return 2;
    }

    @Override
    public Engine getEngine() {
      return Engine.getEngine(name);
    }
  }

  /** A configuration as Declarative Services hands it over. */
  @SuppressWarnings("BadAnnotationImplementation")
  private record TestConfig(String device, int threads, String engine) implements Config {
    TestConfig() {
      this("auto", 1, "pytorch");
    }

    TestConfig of(String other) {
      return new TestConfig(device, threads, other);
    }

    TestConfig on(String other) {
      return new TestConfig(other, threads, engine);
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
    public String bases() {
      return "";
    }

    @Override
    public Class<? extends Annotation> annotationType() {
      return Config.class;
    }
  }
}
