// SPDX-License-Identifier: Apache-2.0
/** Predictions and the states of deployments. */
@Export
@NullMarked
@Version("0.1.0")
package org.fedwerk.api.predict;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
