// SPDX-License-Identifier: Apache-2.0
/** How far each model version got, and how one goes out to the sites: pure but for the codec. */
@NullMarked
package org.fedwerk.coordinator.internal.models;

import org.jspecify.annotations.NullMarked;
