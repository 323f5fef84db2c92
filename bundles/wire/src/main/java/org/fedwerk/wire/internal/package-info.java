// SPDX-License-Identifier: Apache-2.0
/** Sealed messages and their bytes. Nothing of protobuf is seen outside. */
@NullMarked
package org.fedwerk.wire.internal;

import org.jspecify.annotations.NullMarked;
