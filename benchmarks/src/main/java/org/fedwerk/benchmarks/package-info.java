// SPDX-License-Identifier: Apache-2.0
/** Figures of speed. Not part of an installation. */
@NullMarked
package org.fedwerk.benchmarks;

import org.jspecify.annotations.NullMarked;
