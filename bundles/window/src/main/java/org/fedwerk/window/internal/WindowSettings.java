// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.window.internal;

import java.time.Duration;

/**
 * How samples become parts and how parts get their roles.
 *
 * @param partSignal name of the signal that carries the serial; empty for the one that a source
 *     marks as part
 * @param settle source time for which a silent signal is waited for after a part's end
 * @param stall time by the monotonic clock after which a silent server is not waited for
 * @param roleBlock parts in a row that get one role
 * @param queue batches that may wait for assembly
 * @param maxSamples samples of open parts kept in memory
 * @param maxImageBytes bytes of images of open parts kept in memory, and as many that wait
 */
public record WindowSettings(
    String partSignal,
    Duration settle,
    Duration stall,
    int roleBlock,
    int queue,
    int maxSamples,
    long maxImageBytes) {
  private static final String PID = "org.fedwerk.window";
  private static final long IMAGE_BYTES = 64L << 20;
  private static final long LEAST_IMAGE_BYTES = 1L << 20;
  private static final long MOST_IMAGE_BYTES = 1L << 40;

  public WindowSettings {
    require(!settle.isNegative(), "settle", settle.toMillis(), "0 milliseconds or more");
    require(stall.toNanos() > 0, "stall", stall.toSeconds(), "1 second or more");
    require(roleBlock >= 1, "role.block", roleBlock, "1 or more");
    require(queue >= 1, "queue", queue, "1 or more");
    require(maxSamples >= 1000, "buffer.max-samples", maxSamples, "1000 or more");
    require(
        maxImageBytes >= LEAST_IMAGE_BYTES && maxImageBytes <= MOST_IMAGE_BYTES,
        "buffer.max-image-bytes",
        maxImageBytes,
        LEAST_IMAGE_BYTES + " to " + MOST_IMAGE_BYTES);
  }

  /** With the bound of images that is the default. */
  public WindowSettings(
      String partSignal,
      Duration settle,
      Duration stall,
      int roleBlock,
      int queue,
      int maxSamples) {
    this(partSignal, settle, stall, roleBlock, queue, maxSamples, IMAGE_BYTES);
  }

  /** The defaults of the configuration. */
  public static WindowSettings standard() {
    return new WindowSettings("", Duration.ofSeconds(5), Duration.ofSeconds(30), 20, 64, 2_000_000);
  }

  static WindowSettings of(WindowConfig config) {
    return new WindowSettings(
        config.part_signal().strip(),
        Duration.ofMillis(config.settle()),
        Duration.ofSeconds(config.stall()),
        config.role_block(),
        config.queue(),
        config.buffer_max$_$samples(),
        config.buffer_max$_$image$_$bytes());
  }

  private static void require(boolean right, String key, Object value, String allowed) {
    if (!right) {
      throw new IllegalArgumentException(
          PID + ": " + key + " = " + value + " is not allowed; allowed is " + allowed);
    }
  }
}
