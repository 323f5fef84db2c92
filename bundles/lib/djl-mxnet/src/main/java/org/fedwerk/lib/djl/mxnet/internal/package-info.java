// SPDX-License-Identifier: Apache-2.0
@NullMarked
package org.fedwerk.lib.djl.mxnet.internal;

import org.jspecify.annotations.NullMarked;
