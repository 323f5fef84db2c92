// SPDX-License-Identifier: Apache-2.0
/** Large models over real brokers and mutual TLS, with connections that are cut. */
@NullMarked
package org.fedwerk.itests.reliability.scale;

import org.jspecify.annotations.NullMarked;
