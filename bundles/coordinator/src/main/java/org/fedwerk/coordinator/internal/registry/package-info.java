// SPDX-License-Identifier: Apache-2.0
/** The models and the run history of a task, on disk. */
@NullMarked
package org.fedwerk.coordinator.internal.registry;

import org.jspecify.annotations.NullMarked;
