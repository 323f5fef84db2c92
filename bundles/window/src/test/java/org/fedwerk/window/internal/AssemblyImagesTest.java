// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.window.internal;

import static org.fedwerk.window.internal.Given.at;
import static org.fedwerk.window.internal.Given.number;
import static org.fedwerk.window.internal.Given.serial;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.fedwerk.api.data.EncodedImage;
import org.fedwerk.api.data.PartData;
import org.fedwerk.api.signal.Sample;
import org.fedwerk.api.signal.SampleValue;
import org.junit.jupiter.api.Test;

class AssemblyImagesTest {
  private static final int BOUND = 1 << 20;
  private static final WindowSettings SETTINGS =
      new WindowSettings("", Duration.ofSeconds(5), Duration.ofSeconds(30), 20, 64, 1000, BOUND);

  private final Assembly assembly = new Assembly("serial", SETTINGS, (serial, begin) -> false);
  private final List<PartData> parts = new ArrayList<>();
  private long sequence;

  private static EncodedImage image(int content) {
    return new EncodedImage(new byte[] {(byte) content});
  }

  private static Sample picture(double seconds, EncodedImage image) {
    return new Sample("camera", new SampleValue.Image(image), 0, at(seconds));
  }

  private void feed(Sample... samples) {
    assembly.accept(++sequence, "press", List.of(samples), 0, 0);
    Optional<PartData> ended = assembly.ended(parts.size(), 0);
    while (ended.isPresent()) {
      parts.add(ended.get());
      assembly.closed();
      ended = assembly.ended(parts.size(), 0);
    }
  }

  private List<Map<String, EncodedImage>> images() {
    return parts.stream().map(PartData::images).toList();
  }

  @Test
  void aPartHasTheNewestImageBetweenItsBeginAndItsEnd() {
    feed(picture(-1, image(1)), serial(0, "A"), picture(0, image(2)), picture(3, image(3)));
    feed(picture(10, image(4)), serial(10, "B"), serial(20, ""));
    assertEquals(List.of(Map.of("camera", image(3)), Map.of("camera", image(4))), images());
  }

  @Test
  void oneBatchOfSerialAndImageIsAPartAtOnce() {
    feed(serial(1, "A"), picture(1, image(1)), serial(1.001, ""));
    feed(serial(2, "B"), picture(2, image(2)), serial(2.001, ""));
    assertEquals(List.of("A", "B"), parts.stream().map(each -> each.part().serial()).toList());
    assertEquals(List.of(Map.of("camera", image(1)), Map.of("camera", image(2))), images());
  }

  @Test
  void anImageIsWaitedForUntilItsServerIsBeyondThePart() {
    assembly.configured(Map.of("press", Set.of("serial", "camera", "torque")));
    feed(serial(0, "A"), picture(1, image(1)), serial(10, "B"));
    assertEquals(1, parts.size());
    feed(serial(20, "C"), number("torque", 21, 1));
    assertEquals(1, parts.size(), "B's image may still come");
    feed(number("torque", 26, 1));
    assertEquals(2, parts.size());
    assertEquals(Map.of(), parts.get(1).images());
  }

  @Test
  void aRefusedImageIsNotWaitedForAndTheNextPartsComeAtOnce() {
    assembly.configured(Map.of("press", Set.of("serial", "camera")));
    feed(serial(0, "A"), picture(1, image(1)), serial(2, ""));
    feed(serial(3, "B"), refused(4), serial(5, ""));
    assertEquals(2, parts.size());
    feed(serial(6, "C"), picture(7, image(3)), serial(8, ""));
    feed(serial(9, "D"), picture(10, image(4)), serial(11, ""));
    assertEquals(
        List.of(
            Map.of("camera", image(1)),
            Map.of(),
            Map.of("camera", image(3)),
            Map.of("camera", image(4))),
        images());
    assertEquals(1, assembly.counts().missing);
  }

  /** As servers tell of a variable that has no value yet. */
  @Test
  void aCameraThatHadNothingToShowAtFirstHoldsUpNoPartWhenItsImagesCome() {
    assembly.configured(Map.of("press", Set.of("serial", "camera")));
    feed(refused(-1), serial(0, "A"), picture(1, image(1)), serial(2, ""));
    feed(serial(3, "B"), picture(4, image(2)), serial(5, ""));
    assertEquals(List.of(Map.of("camera", image(1)), Map.of("camera", image(2))), images());
    assertEquals(Map.of(), parts.get(1).series());
  }

  private static Sample refused(double seconds) {
    return new Sample("camera", null, 0x80740000, at(seconds));
  }

  @Test
  void anImageOfAClosedPartComesTooLate() {
    feed(serial(0, "A"), picture(1, image(1)), serial(10, "B"));
    feed(picture(2, image(2)));
    assertEquals(1, assembly.counts().tooLate);
    assertEquals(List.of(Map.of("camera", image(1))), images());
  }

  @Test
  void theLogIsNeededFromTheOldestImageOfAnOpenPart() {
    feed(serial(0, "A"));
    feed(picture(1, image(1)));
    feed(serial(10, "B"));
    feed(picture(11, image(2)));
    assertEquals(3, assembly.needed());
  }

  @Test
  void beyondTheBoundTheOldestImagesAreLeftOutAndCounted() {
    feed(serial(0, "A"));
    for (int i = 1; i <= 5; i++) {
      feed(picture(i, new EncodedImage(new byte[BOUND / 4])));
    }
    assertEquals(1, assembly.counts().dropped);
    feed(picture(6, new EncodedImage(new byte[2 * BOUND])));
    assertEquals(5, assembly.counts().dropped);
    feed(serial(10, "B"));
    assertEquals(2 * BOUND, parts.get(0).images().get("camera").bytes().length);
  }

  @Test
  void imagesThatComeWhileNoPartIsInTheMachineAreNotKept() {
    for (int i = 0; i < 50; i++) {
      feed(picture(i, new EncodedImage(new byte[BOUND / 16])));
    }
    assertEquals(0, assembly.counts().dropped);
  }
}
