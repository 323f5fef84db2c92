// SPDX-License-Identifier: Apache-2.0
/** Who a process is in its federation, and whom it trusts. */
@Export
@NullMarked
@Version("0.1.0")
package org.fedwerk.api.identity;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
