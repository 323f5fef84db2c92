// SPDX-License-Identifier: Apache-2.0
@NullMarked
package org.fedwerk.plant.internal.shell;

import org.jspecify.annotations.NullMarked;
