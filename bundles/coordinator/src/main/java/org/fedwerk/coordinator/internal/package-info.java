// SPDX-License-Identifier: Apache-2.0
/** Runs tasks: who takes part, what is asked, what counts, what comes of it. */
@NullMarked
package org.fedwerk.coordinator.internal;

import org.jspecify.annotations.NullMarked;
