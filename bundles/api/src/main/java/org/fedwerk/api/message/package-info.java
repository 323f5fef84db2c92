// SPDX-License-Identifier: Apache-2.0
/** Messages between coordinator and sites. Bytes: docs/wire.md. */
@Export
@NullMarked
@Version("0.1.0")
package org.fedwerk.api.message;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
