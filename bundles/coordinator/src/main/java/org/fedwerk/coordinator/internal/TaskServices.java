// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.time.Clock;
import java.util.function.LongSupplier;
import org.fedwerk.api.codec.Codecs;
import org.fedwerk.api.learn.Architectures;
import org.fedwerk.api.store.Storage;
import org.fedwerk.coordinator.internal.blobs.BlobKeeper;
import org.fedwerk.coordinator.internal.outgoing.ChunkSender;
import org.fedwerk.coordinator.internal.outgoing.Outgoing;
import org.fedwerk.coordinator.internal.replies.Patience;

/**
 * What the runners of all tasks share.
 *
 * @param outgoing sends
 * @param sender answers fetches
 * @param heard the newest message of each site
 * @param patience until a site is asked again
 * @param keeper knows who needs which blob
 * @param storage journals
 * @param architectures initial parameters
 * @param codecs how ranges travel
 * @param refusals counts what was refused
 * @param audit keeps replies that contradicted
 * @param settings settings
 * @param nanos monotonic nanoseconds
 * @param clock wall clock
 */
record TaskServices(
    Outgoing outgoing,
    ChunkSender sender,
    NewestHeard heard,
    Patience patience,
    BlobKeeper keeper,
    Storage storage,
    Architectures architectures,
    Codecs codecs,
    Refusals refusals,
    AuditTrail audit,
    Settings settings,
    LongSupplier nanos,
    Clock clock) {}
