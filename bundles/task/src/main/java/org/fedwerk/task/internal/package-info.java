// SPDX-License-Identifier: Apache-2.0
/** Task documents in YAML. */
@NullMarked
package org.fedwerk.task.internal;

import org.jspecify.annotations.NullMarked;
