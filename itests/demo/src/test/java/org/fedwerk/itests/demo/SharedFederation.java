// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.fedwerk.itests.harness.KarafInstance;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Five processes of the packaged distribution, started once for all classes that ask for them and
 * stopped after the last one. The sites are started while their machines are still down.
 */
final class SharedFederation implements ParameterResolver {
  /** The other sites learn on PyTorch. */
  static final Set<String> ON_MXNET = Set.of("plant-b");

  private static final Duration CONNECT = Duration.ofMinutes(4);

  /**
   * What the tests start from.
   *
   * @param federation enrolled, connected, producing
   * @param demo its plants, and the documented task made short
   * @param folder of everything that is written
   * @param early fedwerk:status of each site while no machine ran
   * @param earlyLogs log of each site at that time
   */
  record Started(
      DemoFederation federation,
      DemoTask demo,
      Path folder,
      Map<String, JsonNode> early,
      Map<String, String> earlyLogs)
      implements ExtensionContext.Store.CloseableResource {
    KarafInstance coordinator() {
      return federation.coordinator();
    }

    KarafInstance site(String id) {
      return Objects.requireNonNull(federation.sites().get(id));
    }

    DemoTask.Plant plant(String id) {
      return demo.plants().stream()
          .filter(each -> each.site().equals(id))
          .findFirst()
          .orElseThrow();
    }

    /** Writes a file for a command to read. */
    Path written(String name, String text) throws IOException {
      return Files.writeString(folder.resolve(name), text);
    }

    /** A folder that nothing of an earlier run is in; it does not exist yet. */
    Path fresh(String name) throws IOException {
      Path fresh = folder.resolve(name);
      if (Files.exists(fresh)) {
        try (Stream<Path> all = Files.walk(fresh)) {
          for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(each);
          }
        }
      }
      return fresh;
    }

    @Override
    public void close() {
      federation.close();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Started.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(ExtensionContext.Namespace.create(SharedFederation.class))
        .getOrComputeIfAbsent(Started.class, none -> start(), Started.class);
  }

  private static Started start() {
    try {
      Path folder = Path.of(System.getProperty("fedwerk.itest.folder")).toAbsolutePath();
      Path examples = folder.resolve("examples");
      Files.createDirectories(examples);
      Path documented = Path.of(System.getProperty("fedwerk.examples"), "milling.yaml");
      Files.writeString(examples.resolve("milling.yaml"), shortened(Files.readString(documented)));
      DemoTask demo = DemoTask.milling(examples, 200);
      Path cache = Path.of(Objects.requireNonNull(System.getenv("DJL_CACHE_DIR")));
      DemoFederation federation =
          new DemoFederation(
              demo, Path.of(System.getProperty("fedwerk.home")), folder, cache, ON_MXNET);
      try {
        return started(federation, demo, folder);
      } catch (Exception failed) {
        federation.close();
        throw failed;
      }
    } catch (Exception failed) {
      throw new IllegalStateException("the federation did not start", failed);
    }
  }

  private static Started started(DemoFederation federation, DemoTask demo, Path folder)
      throws Exception {
    federation.coordinator().start();
    federation.startSites();
    Map<String, JsonNode> early = new LinkedHashMap<>();
    Map<String, String> earlyLogs = new LinkedHashMap<>();
    for (Map.Entry<String, KarafInstance> site : federation.sites().entrySet()) {
      early.put(site.getKey(), site.getValue().json("fedwerk:status"));
      earlyLogs.put(site.getKey(), site.getValue().log());
    }
    federation.startPlants();
    federation.coordinator().awaitBooted(CONNECT);
    federation.enrol();
    federation.connectSources(CONNECT);
    federation.produce();
    return new Started(federation, demo, folder, early, earlyLogs);
  }

  private static String shortened(String yaml) {
    return yaml.replaceAll("(?m)^(  max:) .*$", "$1 6")
        .replaceAll("(?m)^(  least:) .*$", "$1 6")
        .replaceAll("(?m)^(  examples-least:) .*$", "$1 100")
        .replaceAll("(?m)^(  stall:) .*$", "$1 15s");
  }
}
