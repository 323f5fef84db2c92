// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.window.internal;

import static org.fedwerk.window.internal.Given.at;
import static org.fedwerk.window.internal.Given.number;
import static org.fedwerk.window.internal.Given.serial;
import static org.fedwerk.window.internal.Given.told;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.fedwerk.api.data.PartData;
import org.fedwerk.api.signal.Sample;
import org.fedwerk.api.signal.SampleValue;
import org.junit.jupiter.api.Test;

class AssemblyTest {
  private static final WindowSettings SETTINGS =
      new WindowSettings("", Duration.ofSeconds(5), Duration.ofSeconds(30), 20, 64, 1000);

  private final Assembly assembly = fresh();
  private final List<PartData> parts = new ArrayList<>();
  private long sequence;
  private long now;

  private static Assembly fresh() {
    return new Assembly("serial", SETTINGS, (serial, begin) -> false);
  }

  private void feed(Sample... samples) {
    feedFrom("press", samples);
  }

  private void feedFrom(String source, Sample... samples) {
    assertEquals(samples.length, assembly.accept(++sequence, source, List.of(samples), 0, now));
    drain();
  }

  private void drain() {
    Optional<PartData> ended = assembly.ended(parts.size(), now);
    while (ended.isPresent()) {
      parts.add(ended.get());
      assembly.closed();
      ended = assembly.ended(parts.size(), now);
    }
  }

  private List<String> closed() {
    return parts.stream().map(Given::told).toList();
  }

  @Test
  void aPartEndsWhereTheNextSerialBeginsAndCarriesTheNewestValueBeforeItsBegin() {
    feed(number("torque", -2, 1), number("torque", -1, 2), serial(0, "A"));
    feed(number("torque", 0, 3), number("torque", 9, 4), number("torque", 10, 5));
    assertEquals(List.of(), closed());
    feed(serial(10, "B"));
    assertEquals(List.of("A [0, 10000) torque -1000=2.0 0=3.0 9000=4.0"), closed());
    assertEquals("B", assembly.open());
    feed(serial(20, "C"), number("torque", 20, 6));
    assertEquals("B [10000, 20000) torque 9000=4.0 10000=5.0", closed().get(1));
  }

  @Test
  void aRepeatedSerialBeginsNoPart() {
    feed(serial(0, "A"), serial(5, "A"), number("torque", 1, 1), serial(10, "B"));
    feed(number("torque", 10, 2));
    assertEquals(List.of("A [0, 10000) torque 1000=1.0"), closed());
  }

  @Test
  void noPartLastsWhileTheSerialIsEmpty() {
    feed(serial(0, "A"), number("torque", 1, 1), serial(10, ""), number("torque", 12, 2));
    assertEquals("", assembly.open());
    feed(serial(20, "A"), number("torque", 21, 3), serial(30, "B"), number("torque", 31, 4));
    assertEquals(
        List.of("A [0, 10000) torque 1000=1.0", "A [20000, 30000) torque 12000=2.0 21000=3.0"),
        closed());
  }

  @Test
  void aNumberAsSerialIsWrittenWithoutATrailingZero() {
    feed(number("serial", 0, 4711), number("serial", 10, 4712.5), number("serial", 20, 1e9));
    assertEquals(List.of("4711 [0, 10000)", "4712.5 [10000, 20000)"), closed());
    assertEquals("1000000000", assembly.open());
  }

  @Test
  void aPartWaitsForASignalThatLagsAndSeveralPartsMayWait() {
    feed(number("slow", 0, 1), serial(0, "A"), serial(1, "B"), serial(2, "C"), serial(3, "D"));
    assertEquals(List.of(), closed());
    assertEquals(3, assembly.waiting());
    feed(number("slow", 0.5, 2), number("slow", 1, 3));
    assertEquals(List.of("A [0, 1000) slow 0=1.0 500=2.0"), closed());
    feed(number("slow", 3, 4));
    assertEquals(
        List.of(
            "A [0, 1000) slow 0=1.0 500=2.0",
            "B [1000, 2000) slow 500=2.0 1000=3.0",
            "C [2000, 3000) slow 1000=3.0"),
        closed());
  }

  @Test
  void aSilentSignalIsWaitedForUntilItsOwnServerIsBeyondTheSettleTime() {
    feed(number("quiet", 0, 1), serial(0, "A"), serial(10, "B"), number("torque", 15, 2));
    feedFrom("other", number("far", 100, 3));
    assertEquals(List.of(), closed());
    feed(number("torque", 15.001, 4));
    assertEquals(List.of("A [0, 10000) quiet 0=1.0"), closed());
  }

  @Test
  void aSilentServerIsWaitedForUntilTheWatchdogFires() {
    feedFrom("other", number("far", 1, 3));
    feed(serial(0, "A"), serial(10, "B"), number("torque", 100, 2));
    now = Duration.ofSeconds(20).toNanos();
    feedFrom("other", number("far", 2, 4));
    now = Duration.ofSeconds(49).toNanos();
    drain();
    assertEquals(List.of(), closed());
    now = Duration.ofSeconds(50).toNanos();
    drain();
    assertEquals(List.of("A [0, 10000) far 1000=3.0 2000=4.0"), closed());
  }

  @Test
  void aSignalThatItsSourceNoLongerListsIsNotWaitedFor() {
    feed(number("gone", 0, 1), serial(0, "A"), serial(10, "B"));
    assembly.configured(Map.of("other", Set.of()));
    drain();
    assertEquals(List.of(), closed());
    assembly.configured(Map.of("press", Set.of("serial")));
    drain();
    assertEquals(1, closed().size());
  }

  @Test
  void badStatusNaNWrongTypeAndUnusableTimeAreMaskedAndCounted() {
    feed(
        serial(0, "A"),
        new Sample("torque", new SampleValue.Number(1), 0x80000000, at(1)),
        number("torque", 2, Double.NaN),
        new Sample("torque", new SampleValue.Text("x"), 0, at(3)),
        new Sample("torque", null, 0x40000000, at(4)),
        new Sample("torque", new SampleValue.Number(5), 0, Instant.parse("1601-01-01T00:00:00Z")),
        new Sample("serial", new SampleValue.Text("X"), 0x80000000, at(5)),
        new Sample("serial", new SampleValue.Bool(true), 0, at(6)),
        number("torque", 7, 7),
        serial(10, "B"),
        number("torque", 10, 8));
    assertEquals(
        List.of("A [0, 10000) torque 1000=NaN 2000=NaN 3000=NaN 4000=NaN 7000=7.0"), closed());
    assertEquals(7, assembly.counts().missing);
  }

  @Test
  void ofTwoSamplesWithOneTimeTheNewestWinsAndOneOutOfOrderIsSortedIn() {
    feed(serial(0, "A"), number("torque", 1, 1), number("torque", 3, 3), number("torque", 1, 10));
    feed(number("torque", 2, 2), serial(10, "B"), number("torque", 10, 4));
    assertEquals(List.of("A [0, 10000) torque 1000=10.0 2000=2.0 3000=3.0"), closed());
    assertEquals(1, assembly.counts().outOfOrder);
  }

  @Test
  void aSampleForAClosedPartIsCountedAndHoldsForTheNextOnesBegin() {
    feed(serial(0, "A"), number("torque", 1, 1), serial(10, "B"), number("torque", 12, 2));
    feed(number("torque", 9, 9), number("torque", 8, 8));
    assertEquals(2, assembly.counts().tooLate);
    feed(serial(20, "C"), number("torque", 20, 3));
    assertEquals("B [10000, 20000) torque 9000=9.0 12000=2.0", closed().get(1));
  }

  @Test
  void aLostConnectionMarksEveryPartNotYetClosedAndThoseThatBeginBeforeSamplesComeAgain() {
    feed(serial(0, "A"), number("torque", 1, 1), serial(10, "B"));
    assembly.interrupted("press");
    feedFrom("other", serial(20, "C"));
    feed(number("torque", 21, 1), serial(30, "D"), number("torque", 31, 1));
    feed(serial(40, "E"), number("torque", 41, 1));
    assertEquals(
        List.of(true, true, true, false), parts.stream().map(PartData::interrupted).toList());
  }

  @Test
  void aClockThatWentBackIsToldAtTheSampleAndFinishingClosesWhatWasOpen() {
    feed(serial(100, "A"), number("torque", 101, 1), number("torque", 105, 2));
    List<Sample> restarted = List.of(number("torque", 106, 3), serial(0, "A"));
    assertEquals(1, assembly.accept(++sequence, "press", restarted, 0, now));
    assembly.finish();
    drain();
    assertEquals(
        "A [100000, 106000) interrupted torque 101000=1.0 105000=2.0 106000=3.0", closed().get(0));
  }

  @Test
  void aSourceThatDeliversAgainIsNotTakenForAClockThatWentBack() {
    feed(serial(0, "A"), serial(10, "B"), serial(20, "C"), serial(21, ""), serial(40, "D"));
    feed(serial(0, "A"), serial(10, "B"), serial(20, "C"), serial(21, ""), serial(40, "D"));
    assertEquals(3, closed().size());
    assertEquals("D", assembly.open());
  }

  @Test
  void afterARestartTheLastValuesOfTheStoredPartHoldAndItsSamplesAreNotCollectedAgain() {
    feed(number("slow", -1, 7), serial(0, "A"), number("torque", 1, 1));
    feed(serial(10, "B"), number("torque", 16, 2));
    assertEquals(1, parts.size());
    Assembly again = fresh();
    again.resume(parts.get(0));
    again.accept(1, "press", List.of(serial(0, "A"), number("torque", 1, 1)), 0, now);
    again.accept(2, "press", List.of(serial(10, "B"), number("torque", 16, 2)), 0, now);
    again.accept(3, "press", List.of(serial(20, "C"), number("torque", 26, 3)), 0, now);
    assertEquals(
        "B [10000, 20000) slow -1000=7.0 torque 1000=1.0 16000=2.0",
        told(again.ended(1, now).orElseThrow()));
  }

  @Test
  void onlyTheOpenPartsSamplesAreNeededFromTheLog() {
    feed(number("slow", -1, 7));
    feed(serial(0, "A"), number("torque", 1, 1));
    assertEquals(1, assembly.needed());
    feed(serial(10, "B"));
    feed(number("torque", 16, 2));
    assertEquals(1, parts.size());
    assertEquals(3, assembly.needed());
  }

  @Test
  void duringALongIdleTimeTheLogCanGoWhileLastValuesAreMovedAhead() {
    feed(number("slow", -1, 7), serial(0, ""));
    for (int i = 1; i <= 900; i++) {
      feed(number("torque", i, i));
    }
    assertEquals(1, assembly.needed());
    Map<String, List<Sample>> pinned = assembly.pinned();
    assertEquals(
        Set.of(serial(0, ""), number("slow", -1, 7), number("torque", 894, 894)),
        Set.copyOf(pinned.get("press")));
    assembly.moved(++sequence);
    assertEquals(896, assembly.needed());
    assertTrue(assembly.retained() < 10);
  }

  @Test
  void aSerialThatNeverChangesDoesNotFillTheMemory() {
    feed(serial(0, "A"));
    for (int i = 0; i < 5000; i++) {
      feed(number("torque", i, i));
    }
    assertTrue(assembly.retained() <= 1000);
    assertTrue(assembly.counts().dropped >= 4000);
    feed(serial(5000, "B"), number("torque", 5000, 1));
    assertTrue(parts.get(0).interrupted());
  }
}
