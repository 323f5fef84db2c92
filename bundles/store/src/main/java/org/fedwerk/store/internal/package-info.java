// SPDX-License-Identifier: Apache-2.0
/** Append-only files, content-addressed blobs, samples and parts. */
@NullMarked
package org.fedwerk.store.internal;

import org.jspecify.annotations.NullMarked;
