// SPDX-License-Identifier: Apache-2.0
/** A site behind a network of its own that loses packets or is down, in Linux' namespaces. */
@NullMarked
package org.fedwerk.itests.reliability.net;

import org.jspecify.annotations.NullMarked;
