// SPDX-License-Identifier: Apache-2.0
/**
 * What each site adds to a model: which subsets of the sites are to be judged, and what follows
 * from how. Pure.
 */
@NullMarked
package org.fedwerk.coordinator.internal.contribution;

import org.jspecify.annotations.NullMarked;
