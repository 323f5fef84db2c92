// SPDX-License-Identifier: Apache-2.0
/** The site agent. */
@NullMarked
package org.fedwerk.site.internal;

import org.jspecify.annotations.NullMarked;
