// SPDX-License-Identifier: Apache-2.0
/** What the coordinator offers to its operator. */
@Export
@NullMarked
@Version("0.1.0")
package org.fedwerk.api.coordinator;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
