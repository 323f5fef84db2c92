// SPDX-License-Identifier: Apache-2.0
/** Predictions on an OPC UA server. */
@NullMarked
package org.fedwerk.predict.opcua.internal;

import org.jspecify.annotations.NullMarked;
