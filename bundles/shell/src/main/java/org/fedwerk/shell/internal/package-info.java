// SPDX-License-Identifier: Apache-2.0
/** Karaf commands {@code fedwerk:*}. */
@NullMarked
package org.fedwerk.shell.internal;

import org.jspecify.annotations.NullMarked;
