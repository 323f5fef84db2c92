// SPDX-License-Identifier: Apache-2.0
/** A federation that goes on for long, and what its processes take of the machine meanwhile. */
@NullMarked
package org.fedwerk.itests.reliability.soak;

import org.jspecify.annotations.NullMarked;
