// SPDX-License-Identifier: Apache-2.0
/** Samples and labels as they come in, and the sources they come from. */
@Export
@NullMarked
@Version("0.1.0")
package org.fedwerk.api.signal;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
