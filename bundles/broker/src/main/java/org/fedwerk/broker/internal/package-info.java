// SPDX-License-Identifier: Apache-2.0
/** The embedded MQTT broker. Artemis stays here. */
@NullMarked
package org.fedwerk.broker.internal;

import org.jspecify.annotations.NullMarked;
