// SPDX-License-Identifier: Apache-2.0
@NullMarked
package org.fedwerk.learn.internal;

import org.jspecify.annotations.NullMarked;
