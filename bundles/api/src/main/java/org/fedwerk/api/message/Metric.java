// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.message;

/**
 * One number a site reports.
 *
 * @param name for example {@code train.loss}
 * @param value the number
 * @param count examples behind it
 * @param disclosure who may see it
 */
public record Metric(String name, double value, long count, Disclosure disclosure) {}
