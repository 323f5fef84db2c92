// SPDX-License-Identifier: Apache-2.0
@NullMarked
package org.fedwerk.learn.djl.internal;

import org.jspecify.annotations.NullMarked;
