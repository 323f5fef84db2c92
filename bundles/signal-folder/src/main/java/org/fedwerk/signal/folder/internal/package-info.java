// SPDX-License-Identifier: Apache-2.0
/** Images of parts from a folder. */
@NullMarked
package org.fedwerk.signal.folder.internal;

import org.jspecify.annotations.NullMarked;
