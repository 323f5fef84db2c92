// SPDX-License-Identifier: Apache-2.0
/** Parts from samples, the label join, windows and examples. */
@NullMarked
package org.fedwerk.window.internal;

import org.jspecify.annotations.NullMarked;
