// SPDX-License-Identifier: Apache-2.0
/** Sites' replies, from the manifest to the last chunk. */
@NullMarked
package org.fedwerk.coordinator.internal.replies;

import org.jspecify.annotations.NullMarked;
