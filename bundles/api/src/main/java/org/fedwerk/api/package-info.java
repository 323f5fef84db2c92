// SPDX-License-Identifier: Apache-2.0
/** Words used by every room: digests, refusals, registrations. */
@Export
@NullMarked
@Version("0.1.0")
package org.fedwerk.api;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
