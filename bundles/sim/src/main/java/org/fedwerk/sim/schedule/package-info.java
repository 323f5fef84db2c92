// SPDX-License-Identifier: Apache-2.0
/** Random faults by seed, and a checker that looks at a federation from outside only. */
@NullMarked
package org.fedwerk.sim.schedule;

import org.jspecify.annotations.NullMarked;
