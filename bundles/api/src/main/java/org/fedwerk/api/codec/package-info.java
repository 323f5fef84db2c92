// SPDX-License-Identifier: Apache-2.0
/** How the values of a range travel. */
@Export
@NullMarked
@Version("0.1.0")
package org.fedwerk.api.codec;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
