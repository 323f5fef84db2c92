// SPDX-License-Identifier: Apache-2.0
/** How rooms tell how they are. */
@Export
@NullMarked
@Version("0.1.0")
package org.fedwerk.api.status;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
