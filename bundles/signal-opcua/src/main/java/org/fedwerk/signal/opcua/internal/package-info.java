// SPDX-License-Identifier: Apache-2.0
/** Signals from OPC UA servers. */
@NullMarked
package org.fedwerk.signal.opcua.internal;

import org.jspecify.annotations.NullMarked;
