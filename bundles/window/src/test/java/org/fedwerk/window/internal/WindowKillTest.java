// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.window.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.fedwerk.api.data.PartData;
import org.fedwerk.api.data.Series;
import org.fedwerk.store.internal.DiskPartStore;
import org.fedwerk.store.internal.DiskStorage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class WindowKillTest {
  private static final int KILLS = 4;
  @TempDir Path folder;

  @Test
  void everyAcknowledgedPartIsThereExactlyOnceWithItsContentAfterSeveralKills() throws Exception {
    long acknowledged = -1;
    for (int kill = 1; kill <= KILLS; kill++) {
      // a source delivers again what was not acknowledged before
      acknowledged = feedUntilKilled(acknowledged + 1, acknowledged + 200 + 37 * kill);
    }
    long through = FeedingChild.wholeThrough(acknowledged);
    long parts = through / FeedingChild.PER_PART;
    try (DiskStorage storage = new DiskStorage(FeedingChild.settings(folder))) {
      DiskPartStore store = new DiskPartStore(storage);
      CountDownLatch reached = new CountDownLatch(1);
      try (Window window = new Window(store, FeedingChild.window())) {
        window.listen(
            part -> {
              if (part.part().serial().equals("P" + parts)) {
                reached.countDown();
              }
            });
        window.start();
        for (long batch = acknowledged + 1; batch < acknowledged + 20; batch++) {
          window.accept("press", FeedingChild.batch(batch));
        }
        assertTrue(reached.await(60, TimeUnit.SECONDS), "part " + parts + " was not closed");
      }
      assertTrue(parts > 150, "only " + parts + " parts");
      for (long number = 0; number <= parts; number++) {
        assertEquals("P" + number, store.header(number).orElseThrow().serial());
        assertContent(number, store.part(number).orElseThrow());
      }
    }
  }

  private static void assertContent(long number, PartData part) {
    long first = number * FeedingChild.PER_PART;
    long before = first == 0 ? 0 : first - 1;
    double[] expected =
        LongStream.range(before, first + FeedingChild.PER_PART).asDoubleStream().toArray();
    Series fast = part.series().get("fast");
    assertArrayEquals(expected, fast.values(), "part " + number);
    assertArrayEquals(expected, part.series().get("lagging").values(), "part " + number);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(Given.nanos(expected[i] * 0.1), fast.times()[i]);
    }
    List<Double> slow = new ArrayList<>();
    for (long n = 50; n < first + FeedingChild.PER_PART; n += 100) {
      if (n + 100 >= first) {
        slow.add((double) n);
      }
    }
    slow.removeIf(n -> n < first && slow.contains(n + 100) && n + 100 < first);
    Series found = part.series().get("slow");
    assertEquals(
        slow,
        found == null ? List.of() : java.util.Arrays.stream(found.values()).boxed().toList(),
        "slow signal of part " + number);
  }

  private long feedUntilKilled(long from, long enough) throws Exception {
    Process child = start(from);
    long newest = from - 1;
    try (Reader out = new InputStreamReader(child.getInputStream(), StandardCharsets.US_ASCII)) {
      StringBuilder line = new StringBuilder();
      for (int c = out.read(); c >= 0; c = out.read()) {
        if (c != '\n') {
          line.append((char) c);
          continue;
        }
        newest = Long.parseLong(line.toString());
        line.setLength(0);
        if (newest == enough) {
          child.toHandle().destroyForcibly();
        }
      }
    } finally {
      child.destroyForcibly();
    }
    assertTrue(child.waitFor(30, TimeUnit.SECONDS));
    assertTrue(newest >= enough, "the child ended by itself after batch " + newest);
    return newest;
  }

  private Process start(long from) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            FeedingChild.class.getName(),
            folder.toString(),
            Long.toString(from))
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }
}
