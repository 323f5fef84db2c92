// SPDX-License-Identifier: Apache-2.0
/** The bar of a pilot: local, pooled and federated on recordings, tuned alike. */
@NullMarked
package org.fedwerk.sim.prototype;

import org.jspecify.annotations.NullMarked;
