// SPDX-License-Identifier: Apache-2.0
@NullMarked
package org.fedwerk.plant.internal.opcua;

import org.jspecify.annotations.NullMarked;
