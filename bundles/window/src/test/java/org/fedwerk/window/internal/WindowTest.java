// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.window.internal;

import static org.fedwerk.window.internal.Given.label;
import static org.fedwerk.window.internal.Given.number;
import static org.fedwerk.window.internal.Given.schema;
import static org.fedwerk.window.internal.Given.serial;
import static org.fedwerk.window.internal.Given.signal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.PartData;
import org.fedwerk.api.metric.Measurement;
import org.fedwerk.api.signal.LabelReport;
import org.fedwerk.api.signal.Sample;
import org.fedwerk.api.status.StatusLine;
import org.fedwerk.api.store.PartStore;
import org.fedwerk.store.internal.DiskPartStore;
import org.fedwerk.store.internal.DiskStorage;
import org.fedwerk.store.internal.StoreSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class WindowTest {
  private static final WindowSettings SETTINGS =
      new WindowSettings("serial", Duration.ofSeconds(5), Duration.ofSeconds(30), 20, 2, 100_000);

  @TempDir Path folder;
  private final BlockingQueue<PartData> heard = new LinkedBlockingQueue<>();
  private DiskStorage storage;
  private DiskPartStore store;
  private Window window;

  @BeforeEach
  void open() {
    storage = new DiskStorage(StoreSettings.in(folder));
    store = new DiskPartStore(storage);
  }

  @AfterEach
  void close() {
    if (window != null) {
      window.close();
    }
    storage.close();
  }

  private void start(WindowSettings settings) {
    window = new Window(store, settings);
    window.listen(heard::add);
    window.start();
  }

  private void restart() {
    close();
    open();
    start(SETTINGS);
  }

  private PartData hear() throws InterruptedException {
    PartData part = heard.poll(30, TimeUnit.SECONDS);
    assertTrue(part != null, "no part was told");
    return part;
  }

  private void feed(Sample... samples) {
    window.accept("press", List.of(samples));
  }

  @Test
  void aClosedPartIsStoredBeforeListenersHearOfItOnTheRoomsThread() throws Exception {
    CompletableFuture<String> thread = new CompletableFuture<>();
    start(SETTINGS);
    window.listen(
        part ->
            thread.complete(Thread.currentThread().getName() + " " + store.part("A").isPresent()));
    feed(serial(0, "A"), number("torque", 1, 1), serial(10, "B"), number("torque", 10, 2));
    assertEquals("A [0, 10000) torque 1000=1.0", Given.told(hear()));
    assertEquals("fedwerk-window true", thread.get(30, TimeUnit.SECONDS));
    assertEquals("A [0, 10000) torque 1000=1.0", Given.told(store.part("A").orElseThrow()));
  }

  @Test
  void aListenerThatFailsKeepsNobodyElseFromHearing() throws Exception {
    window = new Window(store, SETTINGS);
    window.listen(
        part -> {
          throw new IllegalStateException("on purpose");
        });
    window.listen(heard::add);
    window.start();
    feed(serial(0, "A"), serial(10, "B"), serial(20, "C"));
    assertEquals(List.of("A", "B"), List.of(hear().part().serial(), hear().part().serial()));
  }

  @Test
  void theOpenStateIsBuiltAgainAfterARestartAndNoPartIsStoredTwice() throws Exception {
    start(SETTINGS);
    feed(number("slow", -1, 7), serial(0, "A"), number("torque", 1, 1));
    feed(serial(10, "B"), number("torque", 16, 2));
    hear();
    restart();
    feed(number("torque", 17, 3), serial(20, "C"), number("torque", 26, 4));
    assertEquals(
        "B [10000, 20000) interrupted slow -1000=7.0 torque 1000=1.0 16000=2.0 17000=3.0",
        Given.told(hear()));
    assertEquals(2, store.nextOrdinal());
  }

  @Test
  void aDeletedPartThatIsDeliveredAgainIsNotStoredAndDisturbsNoOther() throws Exception {
    start(SETTINGS);
    for (int i = 0; i < 4; i++) {
      feed(serial(10 * i, "P" + i), number("torque", 10 * i + 1, i));
    }
    for (int i = 0; i < 3; i++) {
      hear();
    }
    store.delete(Set.of("P0", "P2"));
    window.accept(Given.label("P0", "scrap", 25));
    assertEquals(1, window.report().lateLabels());
    for (int again = 0; again < 2; again++) {
      feed(serial(0, "P0"), number("torque", 1, 0));
      feed(serial(20, "P2"), number("torque", 21, 2));
      assertEquals(Optional.empty(), store.part("P0"));
      if (again == 0) {
        // The newest stored part is one that was deleted.
        restart();
      }
    }
    feed(serial(40, "P4"), number("torque", 41, 4));
    assertEquals("P3", hear().part().serial());
    feed(serial(50, "P0"), number("torque", 51, 5));
    assertEquals("P4 [40000, 50000) torque 31000=3.0 41000=4.0", Given.told(hear()));
    feed(serial(60, ""), number("torque", 61, 6));
    assertEquals("P0", hear().part().serial(), "the name may be used again");
    assertEquals(6, store.nextOrdinal());
    assertTrue(heard.isEmpty());
  }

  @Test
  void withoutAPartSignalSourcesAreHeldBackAndTheStatusSaysWhatToDo() throws Exception {
    start(new WindowSettings("", Duration.ofSeconds(5), Duration.ofSeconds(30), 20, 2, 100_000));
    CountDownLatch blocked = new CountDownLatch(2);
    CompletableFuture<Void> source =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 0; i < 40; i++) {
                feed(serial(10 * i, "P" + i));
                blocked.countDown();
              }
            });
    assertTrue(blocked.await(30, TimeUnit.SECONDS));
    await(() -> window.status().get(0).state() == StatusLine.State.WAITING);
    assertTrue(window.status().get(0).detail().contains("part.signal"));
    assertFalse(source.isDone());
    window.attach(Given.source("press", List.of(signal("serial", ""))));
    source.get(30, TimeUnit.SECONDS);
    for (int i = 0; i < 39; i++) {
      assertEquals("P" + i, hear().part().serial());
    }
    await(() -> window.status().get(0).state() == StatusLine.State.READY);
  }

  @Test
  void afterItStoppedSamplesAreRefusedSoThatNobodyAcknowledgesThem() {
    start(SETTINGS);
    window.close();
    assertThrows(UncheckedIOException.class, () -> feed(serial(0, "A")));
  }

  @Test
  void aClockThatWentBackClosesTheOpenPartAndGoesOn() throws Exception {
    start(SETTINGS);
    feed(serial(1000, "A"), number("torque", 1001, 1));
    feed(serial(0, "B"), number("torque", 1, 2), serial(10, "C"), number("torque", 10, 3));
    assertEquals("A [1000000, 1001000) interrupted torque 1001000=1.0", Given.told(hear()));
    assertEquals("B [0, 10000) torque 1000=2.0", Given.told(hear()));
    restart();
    feed(serial(20, "D"), number("torque", 20, 4));
    assertEquals("C [10000, 20000) interrupted torque 1000=2.0 10000=3.0", Given.told(hear()));
    assertEquals(3, store.nextOrdinal());
  }

  @Test
  void whatCameAndWhatBecameOfItIsMeasured() throws Exception {
    start(SETTINGS);
    window.attach(Given.source("press", List.of(signal("serial", ""), signal("torque", "Nm"))));
    window.accept(label("A", "good", 1));
    window.accept(label("Z", "good", 1));
    window.unmapped("lab", "quality", "B");
    assertEquals(2, measured("fedwerk.labels.waiting", Map.of()));
    assertTrue(
        window
            .status()
            .get(0)
            .detail()
            .endsWith(
                "; labels: 2 wait for their part, 0 for parts no longer kept, 1 of an unknown code"));
    feed(serial(0, "A"), number("torque", 1, Double.NaN), number("torque", 2, 1));
    feed(serial(10, "B"), number("torque", 16, 2), serial(20, "C"), number("torque", 26, 3));
    hear();
    hear();
    assertEquals(2, measured("fedwerk.parts.stored", Map.of()));
    assertEquals(0, measured("fedwerk.parts.evicted", Map.of()));
    assertEquals(1, measured("fedwerk.labels", Map.of("fate", "joined")));
    assertEquals(1, measured("fedwerk.labels", Map.of("fate", "unmapped")));
    assertEquals(1, measured("fedwerk.labels.waiting", Map.of()));
    String told = window.status().get(0).detail();
    assertTrue(told.contains("labels: 1 wait for their part"), told);
    assertTrue(told.contains("no part is open") || told.contains("a part is open"), told);
    window.accept(label("B", "good", 21));
    assertEquals(2, measured("fedwerk.labels", Map.of("fate", "joined")));
    assertEquals(1, measured("fedwerk.samples.unusable", Map.of()));
    assertEquals(0, measured("fedwerk.windows", Map.of()));
    int read = window.examples(schema(5, "torque")).size();
    assertEquals(read, measured("fedwerk.windows", Map.of()));
    await(() -> measured("fedwerk.intake.queue", Map.of()) == 0);
    Map<String, String> torque = Map.of("source", "press", "signal", "torque");
    assertEquals(12, measured("fedwerk.samples.received", torque));
    assertEquals(3, measured("fedwerk.samples.refused", torque));
    assertEquals(1, measured("fedwerk.samples.lost", torque));
  }

  private double measured(String name, Map<String, String> tags) {
    List<Measurement> found =
        window.measurements().stream()
            .filter(each -> each.name().equals(name) && each.tags().equals(tags))
            .toList();
    assertEquals(1, found.size(), name);
    return found.get(0).value();
  }

  @Test
  void theRoleOfALabelIsDecidedWhenLabelAndPartMeet() throws Exception {
    start(SETTINGS);
    window.accept(label("A", "good", 1));
    window.accept(new LabelReport("B", "quality", "good", "lab", Given.at(1), DataRole.VALIDATION));
    assertEquals(Optional.empty(), store.role("A"));
    assertEquals(Optional.of(DataRole.VALIDATION), store.role("B"));
    assertEquals(2, window.report().waitingLabels());
    feed(serial(0, "A"), serial(10, "B"), serial(20, "C"), serial(30, "D"));
    hear();
    hear();
    hear();
    assertEquals(Optional.of(DataRole.TRAIN), store.role("A"));
    assertEquals(Optional.of(DataRole.VALIDATION), store.role("B"));
    window.accept(label("C", "good", 31));
    assertEquals(Optional.of(DataRole.TRAIN), store.role("C"));
    assertEquals(0, window.report().waitingLabels());
  }

  @Test
  void theReportCountsWhatWasOdd() throws Exception {
    start(SETTINGS);
    feed(serial(0, "A"), number("torque", 1, Double.NaN), serial(10, "B"));
    feed(number("torque", 10, 1));
    hear();
    window.unmapped("lab", "quality", "A");
    window.accept(label("A", "good", 11));
    await(() -> window.report().missingSamples() == 1);
    assertEquals("B", window.report().open());
    assertEquals(1, window.report().unmappedLabels());
    assertEquals(1, window.report().stored());
    assertEquals(1, window.report().labelled());
    assertEquals(
        "no window", window.report().recent().get(0).state(), "nobody asked for windows yet");
    window.examples(schema(2, "torque"));
    assertEquals(
        "signal torque gave no usable value: its samples are bad or of a wrong type",
        window.report().recent().get(0).reason());
  }

  @Test
  void aPartThatCouldNotBeStoredIsStoredOnceWhenTheDiskIsWellAgain() throws Exception {
    AtomicInteger failures = new AtomicInteger(1);
    PartStore moody =
        (PartStore)
            Proxy.newProxyInstance(
                PartStore.class.getClassLoader(),
                new Class<?>[] {PartStore.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("add") && failures.getAndDecrement() > 0) {
                    throw new UncheckedIOException(new IOException("no space left"));
                  }
                  return method.invoke(store, arguments);
                });
    window = new Window(moody, SETTINGS);
    window.listen(heard::add);
    window.start();
    feed(serial(0, "A"), number("torque", 1, 1), serial(10, "B"), number("torque", 10, 2));
    await(() -> window.status().get(0).state() == StatusLine.State.DEGRADED);
    feed(number("torque", 11, 3), serial(20, "C"), number("torque", 20, 4));
    assertEquals("A [0, 10000) torque 1000=1.0", Given.told(hear()).replace(" interrupted", ""));
    assertEquals(
        "B [10000, 20000) torque 1000=1.0 10000=2.0 11000=3.0",
        Given.told(hear()).replace(" interrupted", ""));
    assertEquals(2, store.nextOrdinal());
    await(() -> window.status().get(0).state() == StatusLine.State.READY);
  }

  @Test
  void aLongIdleTimeDoesNotFillTheLogAndLastValuesSurviveARestart() throws Exception {
    start(SETTINGS);
    feed(number("slow", -1, 7), serial(0, ""));
    int fed = 0;
    for (int batch = 0; batch < 120; batch++) {
      Sample[] samples = new Sample[1000];
      for (int i = 0; i < samples.length; i++) {
        samples[i] = number("torque", ++fed * 0.01, fed);
      }
      feed(samples);
    }
    restart();
    AtomicInteger kept = new AtomicInteger();
    store.replay((sequence, source, samples) -> kept.addAndGet(samples.size()));
    assertTrue(kept.get() < 80_000, kept + " samples are kept of " + fed);
    feed(serial(2000, "A"), number("torque", 2001, 1), serial(2010, "B"));
    feed(number("torque", 2016, 2));
    assertEquals(
        "A [2000000, 2010000) slow -1000=7.0 torque 1200000=120000.0 2001000=1.0",
        Given.told(hear()).replace(" interrupted", ""));
  }

  @Test
  void manySourcesMayDeliverAtOnce() throws Exception {
    start(SETTINGS);
    feed(serial(0, "A"), number("s0", 0, 0), number("s1", 0, 0), number("s2", 0, 0));
    List<CompletableFuture<Void>> sources = new ArrayList<>();
    for (int s = 0; s < 3; s++) {
      String name = "s" + s;
      sources.add(
          CompletableFuture.runAsync(
              () -> {
                for (int i = 1; i <= 200; i++) {
                  window.accept(name, List.of(number(name, i * 0.01, i)));
                }
              }));
    }
    for (CompletableFuture<Void> source : sources) {
      source.get(30, TimeUnit.SECONDS);
    }
    feed(serial(10, "B"), number("s0", 16, 0));
    window.accept("s1", List.of(number("s1", 16, 0)));
    window.accept("s2", List.of(number("s2", 16, 0)));
    window.accept("s0", List.of(number("s0", 17, 0)));
    PartData part = hear();
    for (int s = 0; s < 3; s++) {
      assertEquals(201, part.series().get("s" + s).values().length);
    }
  }

  /** Waits for a condition that another thread brings about. */
  private static void await(java.util.function.BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "it did not come about within 30 s");
      Thread.onSpinWait();
    }
  }
}
