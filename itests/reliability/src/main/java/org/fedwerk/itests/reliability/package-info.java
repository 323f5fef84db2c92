// SPDX-License-Identifier: Apache-2.0
/** Figures of reliability, part by part. */
@NullMarked
package org.fedwerk.itests.reliability;

import org.jspecify.annotations.NullMarked;
