// SPDX-License-Identifier: Apache-2.0
/** What a site offers to its owner. */
@Export
@NullMarked
@Version("0.1.0")
package org.fedwerk.api.site;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
