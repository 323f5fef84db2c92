// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.routes.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.camel.impl.DefaultCamelContext;
import org.fedwerk.api.status.StatusLine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Routes follow the files of a folder. */
class RouteFolderTest {
  @TempDir Path folder;
  private final FakeServices services = new FakeServices();
  private RouteFolder routes;

  @BeforeEach
  void start() throws IOException {
    Files.createDirectories(folder.resolve("deploy"));
    routes =
        new RouteFolder(
            folder.resolve("deploy"),
            new RouteFile.Ground(
                DefaultCamelContext::new,
                services,
                Map.of(
                    "in",
                    folder.resolve("in").toString(),
                    "out",
                    folder.resolve("out").toString())),
            Duration.ofMillis(50),
            Duration.ofMillis(200));
    routes.start();
  }

  @AfterEach
  void stop() {
    routes.close();
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve("deploy").resolve(name), text);
  }

  private static String yaml(String to) {
    return """
        - route:
            from:
              uri: "file:{{in}}?initialDelay=0&delay=50"
              steps:
                - to: "%s"
        """
        .formatted(to);
  }

  private void becomes(String name, StatusLine.State state, String detail) throws Exception {
    Until.holds(
        name + " " + state + " " + detail + ", but " + routes.status(),
        () ->
            routes.status().stream()
                .anyMatch(
                    line ->
                        line.subject().equals("routes " + name)
                            && line.state() == state
                            && line.detail().contains(detail)));
  }

  private void carries(String file, String to) throws Exception {
    Files.createDirectories(folder.resolve("in"));
    Files.writeString(folder.resolve("in").resolve(file), "x");
    Until.holds(file + " in " + to, () -> Files.exists(folder.resolve(to).resolve(file)));
  }

  @Test
  void aFileRunsAChangedOneRunsAnewAndAFileThatIsGoneRunsNoMore() throws Exception {
    write("copy.camel.yaml", yaml("file:{{out}}"));
    becomes("copy.camel.yaml", StatusLine.State.READY, "1 route(s) run");
    carries("a", "out");
    write("copy.camel.yaml", yaml("file:{{out}}/second"));
    Until.holds(
        "the changed route",
        () -> {
          carries("b" + System.nanoTime(), "in/.camel");
          return Files.exists(folder.resolve("out/second"));
        });
    Files.delete(folder.resolve("deploy/copy.camel.yaml"));
    Until.holds("nothing", () -> routes.status().get(0).subject().equals("routes"));
  }

  @Test
  void aBrokenFileIsToldWithLineAndReasonAndDisturbsNothingElse() throws Exception {
    write("good.camel.yaml", yaml("file:{{out}}"));
    becomes("good.camel.yaml", StatusLine.State.READY, "");
    write(
        "typo.camel.yaml",
        "- route:\n    from:\n      uri: timer:x\n      stepps:\n        - to: log:x\n");
    becomes("typo.camel.yaml", StatusLine.State.DOWN, "line 5: Unsupported field: stepps");
    write("indent.camel.yaml", "- route:\n    from:\n      uri: timer:x\n     steps: []\n");
    becomes(
        "indent.camel.yaml",
        StatusLine.State.DOWN,
        "line 4: while parsing a block mapping expected <block end>");
    write(
        "typo.camel.xml",
        "<routes>\n  <route>\n    <from uri=\"timer:x\"/>\n    <too uri=\"log:x\"/>\n  </route>\n</routes>\n");
    becomes("typo.camel.xml", StatusLine.State.DOWN, "line 4: Unexpected element 'too'");
    write(
        "option.camel.xml",
        "<routes>\n  <route>\n    <from uri=\"timer:x\"/>\n    <to uri=\"fedwerk:samples?source=x&amp;signals=a&amp;formt=csv\"/>\n  </route>\n</routes>\n");
    becomes("option.camel.xml", StatusLine.State.DOWN, "line 4: unknown option formt");
    write("property.camel.yaml", yaml("file:{{nowhere}}"));
    becomes("property.camel.yaml", StatusLine.State.DOWN, "line 5: Property with key [nowhere]");
    write("empty.camel.yaml", "\n");
    becomes("empty.camel.yaml", StatusLine.State.DOWN, "");
    carries("a", "out");
    becomes("good.camel.yaml", StatusLine.State.READY, "");
  }

  @Test
  void aCorrectedFileIsPickedUpAndAFileThatGotBrokenRunsOnAsItWas() throws Exception {
    write("r.camel.yaml", "- rout:\n");
    becomes("r.camel.yaml", StatusLine.State.DOWN, "line 1");
    write("r.camel.yaml", yaml("file:{{out}}"));
    becomes("r.camel.yaml", StatusLine.State.READY, "");
    write("r.camel.yaml", yaml("file:{{out}}") + "  stepps: x\n");
    becomes("r.camel.yaml", StatusLine.State.DEGRADED, "what it held before runs on");
    carries("a", "out");
  }

  @Test
  void whatDidNotStartIsTriedAgainWhenTheCauseMayBeGone() throws Exception {
    RouteSource other =
        new RouteSource("x", java.util.List.of(), java.util.List.of(), System::nanoTime);
    var taken = services.offer(other);
    write("late.camel.yaml", yaml("fedwerk:samples?source=x&signals=a"));
    becomes("late.camel.yaml", StatusLine.State.DOWN, "line 3: source=x is taken");
    taken.close();
    becomes("late.camel.yaml", StatusLine.State.READY, "");
    assertEquals(java.util.List.of("x"), services.sourceNames());
  }

  @Test
  void onlyFilesThatSayTheyHoldRoutesAreRead() {
    assertTrue(RouteFolder.holdsRoutes("a.camel.yaml"));
    assertTrue(RouteFolder.holdsRoutes("a.camel.yml"));
    assertTrue(RouteFolder.holdsRoutes("a.camel.xml"));
    assertFalse(RouteFolder.holdsRoutes("a.yaml"));
    assertFalse(RouteFolder.holdsRoutes("blueprint.xml"));
    assertFalse(RouteFolder.holdsRoutes(".a.camel.yaml"));
  }
}
