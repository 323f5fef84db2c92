// SPDX-License-Identifier: Apache-2.0
/** What an operator's tools read of a process: metrics, health, dump. */
@NullMarked
package org.fedwerk.metrics.internal;

import org.jspecify.annotations.NullMarked;
