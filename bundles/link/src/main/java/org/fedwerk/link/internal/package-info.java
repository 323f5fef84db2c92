// SPDX-License-Identifier: Apache-2.0
/** The link over Camel and MQTT. */
@NullMarked
package org.fedwerk.link.internal;

import org.jspecify.annotations.NullMarked;
