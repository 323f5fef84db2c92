// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability.soak;

import java.util.List;

/** The straight line through values over time that lies closest to them by least squares. */
final class Slope {
  private Slope() {}

  /**
   * A value at a time.
   *
   * @param hours since the beginning
   * @param value what was measured
   */
  record Point(double hours, double value) {}

  /**
   * By how much the values grow in an hour.
   *
   * @throws IllegalArgumentException for less than three points, or if all are of one time
   */
  static double perHour(List<Point> points) {
    if (points.size() < 3) {
      throw new IllegalArgumentException(
          "a slope needs three points or more, not " + points.size());
    }
    double time = points.stream().mapToDouble(Point::hours).average().orElseThrow();
    double mean = points.stream().mapToDouble(Point::value).average().orElseThrow();
    double shared = 0;
    double spread = 0;
    for (Point point : points) {
      shared += (point.hours() - time) * (point.value() - mean);
      spread += (point.hours() - time) * (point.hours() - time);
    }
    if (spread == 0) {
      throw new IllegalArgumentException("all points are of one time");
    }
    return shared / spread;
  }
}
