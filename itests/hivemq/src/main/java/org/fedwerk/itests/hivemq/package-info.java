// SPDX-License-Identifier: Apache-2.0
/** A broker of another make for the figures of transport. */
@NullMarked
package org.fedwerk.itests.hivemq;

import org.jspecify.annotations.NullMarked;
