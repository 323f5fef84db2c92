// SPDX-License-Identifier: Apache-2.0
/** What a pilot could reach, tried on recorded data at one desk. */
@Export
@NullMarked
@Version("0.1.0")
package org.fedwerk.api.prototype;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
