// SPDX-License-Identifier: Apache-2.0
/** How this room's records look on disk. */
@NullMarked
package org.fedwerk.coordinator.internal.bytes;

import org.jspecify.annotations.NullMarked;
