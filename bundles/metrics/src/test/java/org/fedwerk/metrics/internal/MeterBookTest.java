// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.metrics.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.fedwerk.api.metric.Measurement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MeterBookTest {
  private final Registries registries = new Registries();
  private final FakeRoom room = new FakeRoom();

  @AfterEach
  void close() {
    registries.close();
  }

  private List<String> scraped() {
    return registries.scrape(Registries.TEXT).lines().filter(l -> !l.startsWith("#")).toList();
  }

  private static Measurement received(double value, String signal) {
    return Measurement.counter(
        "fedwerk.samples.received", "", "Values received", value, "signal", signal);
  }

  @Test
  void namesFollowPrometheusAndValuesAreThoseOfNow() {
    registries.book().add(room);
    room.measured.add(received(7, "force"));
    room.measured.add(
        Measurement.gauge("fedwerk.store.used", "bytes", "On disk", 4096, "area", "parts"));
    room.measured.add(Measurement.gauge("fedwerk.model.age", "seconds", "Age", 1.5));
    assertEquals(
        Set.of(
            "fedwerk_samples_received_total{signal=\"force\"} 7.0",
            "fedwerk_store_used_bytes{area=\"parts\"} 4096.0",
            "fedwerk_model_age_seconds 1.5"),
        Set.copyOf(scraped()));
    room.measured.set(0, received(9, "force"));
    assertTrue(scraped().contains("fedwerk_samples_received_total{signal=\"force\"} 9.0"));
    assertTrue(
        registries
            .scrape(Registries.TEXT)
            .contains("# TYPE fedwerk_samples_received_total counter"));
    assertTrue(registries.scrape(Registries.OPEN_METRICS).endsWith("# EOF\n"));
  }

  @Test
  void whatIsNoLongerMeasuredOrIsNoNumberIsNotShown() {
    registries.book().add(room);
    room.measured.add(received(1, "a"));
    room.measured.add(received(2, "b"));
    room.measured.add(
        Measurement.gauge("fedwerk.training.loss", "", "Loss", Double.NaN, "task", "t"));
    assertEquals(2, scraped().size());
    room.measured.remove(0);
    assertEquals(List.of("fedwerk_samples_received_total{signal=\"b\"} 2.0"), scraped());
    room.measured.add(received(3, "a"));
    assertEquals(2, scraped().size());
    registries.book().remove(room);
    assertEquals(List.of(), scraped());
    assertTrue(room.listeners.isEmpty());
  }

  @Test
  void aRoomThatFailsDoesNotHideTheOthers() {
    registries
        .book()
        .add(
            () -> {
              throw new IllegalStateException("broken");
            });
    registries.book().add(room);
    room.measured.add(received(1, "a"));
    assertEquals(1, scraped().size());
  }

  @Test
  void durationsBecomeADistribution() {
    registries.book().add(room);
    for (int millis : new int[] {3, 3, 40, 9000}) {
      room.listeners
          .get(0)
          .took(
              "fedwerk.prediction.duration",
              "How long",
              Map.of("task", "milling"),
              Duration.ofMillis(millis));
    }
    List<String> lines = scraped();
    String bucket = "fedwerk_prediction_duration_seconds_bucket{task=\"milling\",le=";
    assertTrue(lines.contains(bucket + "\"0.002\"} 0"), lines.toString());
    assertTrue(lines.contains(bucket + "\"0.005\"} 2"), lines.toString());
    assertTrue(lines.contains(bucket + "\"0.05\"} 3"), lines.toString());
    assertTrue(lines.contains(bucket + "\"+Inf\"} 4"), lines.toString());
    assertTrue(lines.contains("fedwerk_prediction_duration_seconds_count{task=\"milling\"} 4"));
    assertTrue(
        lines.contains("fedwerk_prediction_duration_seconds_sum{task=\"milling\"} 9.046"),
        lines.toString());
  }

  @Test
  void theSameNumbersAreBeansOfJmx() throws Exception {
    registries.book().add(room);
    room.measured.add(received(7, "force"));
    registries.book().refresh();
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    Set<ObjectName> names =
        server.queryNames(new ObjectName("org.fedwerk:name=fedwerkSamplesReceived*,*"), null);
    assertEquals(1, names.size());
    ObjectName name = names.iterator().next();
    assertTrue(name.getKeyProperty("name").contains("signal.force"), name.toString());
    assertEquals(7.0, ((Number) server.getAttribute(name, "Count")).doubleValue());
    room.measured.clear();
    registries.book().refresh();
    assertFalse(server.isRegistered(name));
  }

  @Test
  void metersAreBounded() {
    registries.book().add(room);
    for (int i = 0; i < MeterBook.MOST + 10; i++) {
      room.measured.add(received(i, "s" + i));
    }
    assertEquals(MeterBook.MOST, scraped().size());
  }

  @Test
  void aNameThatIsNoneIsRefused() {
    for (String name : List.of("samples", "fedwerk.Samples", "fedwerk.samples_total", "fedwerk.")) {
      assertThrows(
          IllegalArgumentException.class, () -> Measurement.gauge(name, "", "What it is", 1));
    }
    assertThrows(
        IllegalArgumentException.class,
        () -> Measurement.gauge("fedwerk.round.state", "", "What it is", 1, "Task", "t"));
  }
}
