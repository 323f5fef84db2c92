// SPDX-License-Identifier: Apache-2.0
/**
 * The round engine: pure functions over records. Nothing here reads a clock, a file or the network.
 */
@NullMarked
package org.fedwerk.coordinator.internal.round;

import org.jspecify.annotations.NullMarked;
