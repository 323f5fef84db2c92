// SPDX-License-Identifier: Apache-2.0
/**
 * What plants do, part by part: milling after published rules, or a replay of recorded data. Pure
 * Java, for the simulated plant and for whoever computes baselines of the same data.
 */
@Export
@NullMarked
@Version("0.1.0")
package org.fedwerk.plant.process;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
