// SPDX-License-Identifier: Apache-2.0
/** What rooms measure of themselves. */
@Export
@NullMarked
@Version("0.1.0")
package org.fedwerk.api.metric;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
