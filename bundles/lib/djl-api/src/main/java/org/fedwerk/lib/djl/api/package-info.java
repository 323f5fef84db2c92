// SPDX-License-Identifier: Apache-2.0
/** Where the bundle of a learning engine makes its engine known to DJL. */
@Export
@Version("1.1.0")
@NullMarked
package org.fedwerk.lib.djl.api;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
