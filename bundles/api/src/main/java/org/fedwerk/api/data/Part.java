// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.data;

import java.time.Instant;

/**
 * One produced item or cycle.
 *
 * @param serial its name at the site
 * @param ordinal its place in the order of storing at this site, from 0
 * @param begin source time of the sample that named it
 * @param end source time at which the next part began
 */
public record Part(String serial, long ordinal, Instant begin, Instant end) {}
