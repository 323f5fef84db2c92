// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.quality;

import java.util.OptionalInt;
import org.fedwerk.sim.baseline.Course;

/**
 * One federation of a method and what it cost.
 *
 * @param method its name
 * @param configuration the one that validation chose with seed 0, from 1
 * @param validation the metric on validation parts, of the version that validation chose
 * @param seed of this run
 * @param test the metric on test parts, of the version that validation chose
 * @param least the bound at which validation had to stay
 * @param round with which it had stayed there for three rounds; 0 if it never did
 * @param bytes payload in both directions until then; 0 if it never did
 * @param rounds in all
 * @param bytesInAll payload until the last but one of them was over
 */
record CompressedRun(
    String method,
    int configuration,
    double validation,
    int seed,
    double test,
    double least,
    int round,
    long bytes,
    int rounds,
    long bytesInAll) {
  static CompressedRun of(
      String method,
      int configuration,
      double validation,
      int seed,
      double test,
      double least,
      Course course) {
    OptionalInt round = course.stays(least);
    return new CompressedRun(
        method,
        configuration,
        validation,
        seed,
        test,
        least,
        round.orElse(0),
        round.isEmpty() ? 0 : course.until(round.getAsInt()),
        course.validation().size(),
        course.payload().get(course.payload().size() - 1));
  }
}
