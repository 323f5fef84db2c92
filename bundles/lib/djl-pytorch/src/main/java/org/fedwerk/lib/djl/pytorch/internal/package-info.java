// SPDX-License-Identifier: Apache-2.0
@NullMarked
package org.fedwerk.lib.djl.pytorch.internal;

import org.jspecify.annotations.NullMarked;
