// SPDX-License-Identifier: Apache-2.0
/** What each site's updates are worth to a federation. */
@NullMarked
package org.fedwerk.sim.contribution;

import org.jspecify.annotations.NullMarked;
