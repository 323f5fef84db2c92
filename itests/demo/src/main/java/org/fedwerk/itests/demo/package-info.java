// SPDX-License-Identifier: Apache-2.0
/** The demo: the main job, with its figures. */
@NullMarked
package org.fedwerk.itests.demo;

import org.jspecify.annotations.NullMarked;
