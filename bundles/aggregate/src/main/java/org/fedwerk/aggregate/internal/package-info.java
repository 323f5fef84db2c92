// SPDX-License-Identifier: Apache-2.0
@NullMarked
package org.fedwerk.aggregate.internal;

import org.jspecify.annotations.NullMarked;
