// SPDX-License-Identifier: Apache-2.0
/** Kills processes at points of their journals, over the real link and broker. */
@NullMarked
package org.fedwerk.itests.reliability.kill;

import org.jspecify.annotations.NullMarked;
