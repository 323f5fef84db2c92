// SPDX-License-Identifier: Apache-2.0
/**
 * What makes faults happen on purpose: an actor's ports that can be watched and stopped, and a
 * whole federation on virtual time whose every step is the seed's.
 */
@NullMarked
package org.fedwerk.sim.fault;

import org.jspecify.annotations.NullMarked;
