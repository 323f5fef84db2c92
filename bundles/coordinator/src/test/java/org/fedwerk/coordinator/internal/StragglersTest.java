// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.fedwerk.api.message.Body;
import org.junit.jupiter.api.Test;

class StragglersTest {
  private static final String HOURS =
      "outside this site's hours for rounds, 22:00-06:00 Europe/Vienna";

  private static void say(Bench bench, String site, Body body) throws Exception {
    bench.site(site).say(body);
    bench.settle();
  }

  /** Four sites of which three owe their training. */
  private static Bench training() throws Exception {
    Bench bench = new Bench("east", "north", "south", "west");
    bench.submit("press 1 4");
    while (!bench.facts().run().phase().equals("train")
        || bench.sites.values().stream().anyMatch(site -> site.plans.isEmpty())) {
      assertTrue(bench.deliverOne());
    }
    for (String silent : Set.of("east", "north", "south")) {
      bench.site(silent).isMute = true;
    }
    bench.settle();
    return bench;
  }

  @Test
  void eachSiteThatOwesAReplyIsNamedWithWhatItDoesAndWhenItWasHeardOf() throws Exception {
    Bench bench = training();
    say(bench, "east", new Body.Progress("training", 3, 10));
    say(bench, "north", new Body.Progress("fetching", 2, 3));
    bench.now += Duration.ofSeconds(4).toNanos();
    say(bench, "south", new Body.Ready(false, HOURS, 0, 0, 0));
    assertEquals(
        Map.of(
            "east", "training step 3/10, last heard 4 s ago",
            "north", "fetching 2/3 chunks, last heard 4 s ago",
            "south", "not willing: " + HOURS + ", last heard 0 s ago"),
        bench.facts().run().waitingFor());
    assertTrue(bench.facts().status().detail().contains("training step 3/10"));

    bench.restart();
    say(bench, "east", new Body.Progress("evaluating", 256, 600));
    Map<String, String> waiting = bench.facts().run().waitingFor();
    assertEquals("evaluating 256/600 examples, last heard 0 s ago", waiting.get("east"));
    bench.now += Duration.ofSeconds(12).toNanos();
    say(bench, "north", new Body.Progress("training", 1, 10));
    bench.pass(Duration.ofSeconds(20));
    assertEquals(
        "stalled; last: evaluating 256/600 examples, last heard 32 s ago",
        bench.facts().run().waitingFor().get("east"));
  }

  @Test
  void aCoordinatorThatStartedAnewSaysOfWhomItHasNotHeardYet() throws Exception {
    Bench bench = training();
    bench.sites.remove("south");
    bench.restart();
    bench.settle();
    assertEquals(
        "no sign of work on this phase yet, not heard of since the coordinator started",
        bench.facts().run().waitingFor().get("south"));
  }

  @Test
  void aRoundThatCannotBeginNamesWhoIsMissingAndWhy() throws Exception {
    Bench bench = new Bench("east", "south", "west");
    bench.site("south").isMute = true;
    bench.submit("press 1 4");
    bench.settle();
    bench
        .site("west")
        .say(
            bench.task,
            new Body.Ready(false, "waits for the approval of the site's owner", 0, 0, 0),
            0,
            0,
            -1);
    bench.site("south").say(bench.task, new Body.Ready(true, "", 20, 1, 1), 0, 0, -1);
    bench.settle();
    assertEquals(
        Map.of(
            "north", "not connected, not heard of since the coordinator started",
            "south", "willing, 20/1/1 examples, needs 500 for training",
            "west", "not willing: waits for the approval of the site's owner"),
        bench.facts().run().waitingFor());
  }
}
