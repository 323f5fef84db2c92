// SPDX-License-Identifier: Apache-2.0
/** What the blob store holds for tasks, counted by who needs it. */
@NullMarked
package org.fedwerk.coordinator.internal.blobs;

import org.jspecify.annotations.NullMarked;
