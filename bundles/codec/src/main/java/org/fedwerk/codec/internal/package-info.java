// SPDX-License-Identifier: Apache-2.0
/** How the values of a range travel. Nothing of a compression library is seen outside. */
@NullMarked
package org.fedwerk.codec.internal;

import org.jspecify.annotations.NullMarked;
