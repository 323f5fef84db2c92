// SPDX-License-Identifier: Apache-2.0
/** Networks as data, local training, evaluation, and the engine interface. */
@Export
@NullMarked
@Version("0.1.0")
package org.fedwerk.api.learn;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
