// SPDX-License-Identifier: Apache-2.0
/** State of a coordinator in PostgreSQL. */
@NullMarked
package org.fedwerk.store.postgres.internal;

import org.jspecify.annotations.NullMarked;
