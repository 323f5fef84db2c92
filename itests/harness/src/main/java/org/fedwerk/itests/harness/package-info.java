// SPDX-License-Identifier: Apache-2.0
/** Karaf processes for tests and the demo. */
@NullMarked
package org.fedwerk.itests.harness;

import org.jspecify.annotations.NullMarked;
