// SPDX-License-Identifier: Apache-2.0
@NullMarked
package org.fedwerk.plant.internal.probe;

import org.jspecify.annotations.NullMarked;
