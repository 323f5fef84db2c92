// SPDX-License-Identifier: Apache-2.0
/** What an embedded broker tells of itself. */
@Export
@NullMarked
@Version("0.1.0")
package org.fedwerk.api.broker;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
