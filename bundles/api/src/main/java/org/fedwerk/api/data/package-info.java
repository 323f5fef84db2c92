// SPDX-License-Identifier: Apache-2.0
/** Schemas, parts, labels, windows and examples. */
@Export
@NullMarked
@Version("0.1.0")
package org.fedwerk.api.data;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
