// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** What one process takes of the machine, read off Linux again and again. */
public final class Gauge {
  private static final double NANOS_PER_HOUR = 3600e9;

  private final String name;
  private final Path process;
  private final List<Reading> readings = new ArrayList<>();

  /**
   * A reading.
   *
   * @param nanos since the beginning
   * @param megabytes resident memory
   * @param threads threads
   * @param handles open files and sockets
   */
  public record Reading(long nanos, double megabytes, int threads, int handles) {}

  /**
   * How much more the process takes per hour.
   *
   * @param name of the process
   * @param megabytes resident memory
   * @param threads threads
   * @param handles open files and sockets
   * @param last the last reading
   */
  public record Growth(
      String name, double megabytes, double threads, double handles, Reading last) {}

  Gauge(String name, long pid) {
    this.name = name;
    this.process = Path.of("/proc", Long.toString(pid));
  }

  /** Takes a reading. */
  void read(long nanos) throws IOException {
    List<String> status = Files.readAllLines(process.resolve("status"));
    try (Stream<Path> handles = Files.list(process.resolve("fd"))) {
      readings.add(
          new Reading(
              nanos,
              number(status, "VmRSS:") / 1024.0,
              (int) number(status, "Threads:"),
              (int) handles.count()));
    }
  }

  private static long number(List<String> status, String key) {
    return status.stream()
        .filter(line -> line.startsWith(key))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElseThrow();
  }

  List<Reading> readings() {
    return List.copyOf(readings);
  }

  /** The slopes of the readings from a time on. */
  Growth growth(long fromNanos) {
    return growth(name, readings.stream().filter(read -> read.nanos() >= fromNanos).toList());
  }

  /** The slopes of readings. */
  static Growth growth(String name, List<Reading> readings) {
    return new Growth(
        name,
        slope(readings, Reading::megabytes),
        slope(readings, Reading::threads),
        slope(readings, Reading::handles),
        readings.get(readings.size() - 1));
  }

  private static double slope(List<Reading> readings, ToDoubleFunction<Reading> value) {
    return Slope.perHour(
        readings.stream()
            .map(read -> new Slope.Point(read.nanos() / NANOS_PER_HOUR, value.applyAsDouble(read)))
            .toList());
  }
}
