// SPDX-License-Identifier: Apache-2.0
/** Kills an actor at every point of its journals, and compares what the federation comes to. */
@NullMarked
package org.fedwerk.sim.kill;

import org.jspecify.annotations.NullMarked;
