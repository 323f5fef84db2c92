// SPDX-License-Identifier: Apache-2.0
/** A site that is cut off in the middle of its update, and comes back. */
@NullMarked
package org.fedwerk.itests.reliability.cut;

import org.jspecify.annotations.NullMarked;
