// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.data;

import java.time.Instant;

/**
 * The quality result of one part.
 *
 * @param serial the part
 * @param name the label's name
 * @param value class name, several joined by +, or a decimal number
 * @param source who said so
 * @param time when, by the source's clock
 * @param revision from 1; the newest wins
 */
public record Label(
    String serial, String name, String value, String source, Instant time, int revision) {}
