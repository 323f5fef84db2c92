// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.time.Clock;
import java.util.List;
import java.util.function.LongSupplier;
import org.fedwerk.api.aggregate.Aggregator;
import org.fedwerk.api.aggregate.ServerOptimizer;
import org.fedwerk.api.codec.Codecs;
import org.fedwerk.api.identity.Identity;
import org.fedwerk.api.learn.Architectures;
import org.fedwerk.api.link.Link;
import org.fedwerk.api.message.SealedMessages;
import org.fedwerk.api.store.Storage;
import org.fedwerk.api.task.TaskReader;

/**
 * What the coordinator works with.
 *
 * @param link moves bytes
 * @param sealed seals and opens messages as this coordinator
 * @param identity who this coordinator is
 * @param storage its state
 * @param architectures networks and initial parameters
 * @param codecs how ranges travel
 * @param aggregators rules that tasks may name
 * @param optimizers server optimizers that tasks may name
 * @param reader reads task documents
 * @param nanos monotonic nanoseconds
 * @param clock wall clock, for people
 */
public record Ports(
    Link link,
    SealedMessages sealed,
    Identity identity,
    Storage storage,
    Architectures architectures,
    Codecs codecs,
    List<Aggregator> aggregators,
    List<ServerOptimizer> optimizers,
    TaskReader reader,
    LongSupplier nanos,
    Clock clock) {
  public Ports {
    aggregators = List.copyOf(aggregators);
    optimizers = List.copyOf(optimizers);
  }

  /** Without server optimizers. */
  public Ports(
      Link link,
      SealedMessages sealed,
      Identity identity,
      Storage storage,
      Architectures architectures,
      Codecs codecs,
      List<Aggregator> aggregators,
      TaskReader reader,
      LongSupplier nanos,
      Clock clock) {
    this(
        link,
        sealed,
        identity,
        storage,
        architectures,
        codecs,
        aggregators,
        List.of(),
        reader,
        nanos,
        clock);
  }
}
