// SPDX-License-Identifier: Apache-2.0
/** Sites parted by the similarity of their updates, and whose model is whose. */
@NullMarked
package org.fedwerk.coordinator.internal.clusters;

import org.jspecify.annotations.NullMarked;
