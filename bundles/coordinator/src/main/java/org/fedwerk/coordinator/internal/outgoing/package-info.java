// SPDX-License-Identifier: Apache-2.0
/** What leaves the coordinator: sealed messages and chunks. */
@NullMarked
package org.fedwerk.coordinator.internal.outgoing;

import org.jspecify.annotations.NullMarked;
