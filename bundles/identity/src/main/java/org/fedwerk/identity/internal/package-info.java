// SPDX-License-Identifier: Apache-2.0
/** The federation's CA, enrolment, and the identity of this process. Bouncy Castle stays here. */
@NullMarked
package org.fedwerk.identity.internal;

import org.jspecify.annotations.NullMarked;
