// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

/**
 * What the model that this site runs is worth on its own validation examples.
 *
 * @param version the model's
 * @param examples how many it was tried on
 * @param metric one of {@link org.fedwerk.api.learn.Metrics}
 * @param value what it reaches; NaN if these examples do not give it
 * @param needed what would be enough, in words
 * @param passes true if it does
 */
record Worth(
    int version, int examples, String metric, double value, String needed, boolean passes) {}
