// SPDX-License-Identifier: Apache-2.0
/** Simulation of federations in one process. */
@NullMarked
package org.fedwerk.sim.quality;

import org.jspecify.annotations.NullMarked;
