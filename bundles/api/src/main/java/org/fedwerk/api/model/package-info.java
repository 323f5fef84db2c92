// SPDX-License-Identifier: Apache-2.0
/** Global models and their digests. */
@Export
@NullMarked
@Version("0.1.0")
package org.fedwerk.api.model;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
