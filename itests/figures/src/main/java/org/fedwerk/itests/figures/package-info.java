// SPDX-License-Identifier: Apache-2.0
/** How a run prints what it measured. */
@NullMarked
package org.fedwerk.itests.figures;

import org.jspecify.annotations.NullMarked;
