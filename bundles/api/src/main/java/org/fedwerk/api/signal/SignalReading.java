// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.signal;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a source knows of one signal right now.
 *
 * @param signal name
 * @param unit unit
 * @param value newest value for people; empty before the first
 * @param quality {@code good}, {@code uncertain}, {@code bad}, {@code none}, or a refusal such as
 *     {@code wrong type: text}
 * @param sourceTime time of the newest value; null before the first
 * @param age since it was received, by this machine's monotonic clock; null before the first
 * @param perSecond received values a second over the last seconds
 * @param received values received since start
 * @param refused values of a wrong type or unmapped codes since start
 * @param overflows values that the server reports as lost by queue overflow (status info bit),
 *     since start
 */
public record SignalReading(
    String signal,
    String unit,
    String value,
    String quality,
    @Nullable Instant sourceTime,
    @Nullable Duration age,
    double perSecond,
    long received,
    long refused,
    long overflows) {}
