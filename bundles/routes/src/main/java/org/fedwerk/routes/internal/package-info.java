// SPDX-License-Identifier: Apache-2.0
/** Camel endpoints of Fedwerk, and routes that are dropped into a folder. */
@NullMarked
package org.fedwerk.routes.internal;

import org.jspecify.annotations.NullMarked;
