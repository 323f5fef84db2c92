// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.round;

import org.fedwerk.api.Digest;

/**
 * A complete reply.
 *
 * @param site who
 * @param manifest digest of the manifest's body, by which it is told from another one
 * @param record digest of the blob that holds what it says
 */
public record Reply(String site, Digest manifest, Digest record) {}
