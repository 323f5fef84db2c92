// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.schedule;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.fedwerk.api.aggregate.Aggregator;
import org.fedwerk.api.link.Link;
import org.fedwerk.api.store.Storage;
import org.fedwerk.sim.fault.VirtualNetwork;

/**
 * A bug as people make it, put in at an actor's ports. The checker must find each, else it proves
 * nothing.
 */
public enum Mutant {
  /** The event that a reply is complete is not journaled. */
  UNJOURNALED_REPLY(() -> new Losing("coordinator/<task>/rounds", 3)),
  /** The outbox is not on disk, so after a kill the site trains again. */
  FORGETFUL_OUTBOX(() -> new Losing("site/outbox", 1)),
  /** The highest plan seen is not on disk, so after a kill an older one is obeyed. */
  FORGOTTEN_POSITION(() -> new Losing("site/positions", 1)),
  /** A round's result is not on disk though the round counts as committed. */
  LOST_RESULT(() -> new Losing("coordinator/<task>/history", 2)),
  /** The newest row of the run history is overlooked after a start. */
  OVERLOOKED_RESULT(Overlooking::new),
  /** The receipt goes out before the journal is written. */
  RECEIPT_FIRST(ReceiptFirst::new),
  /** An update whose manifest came twice is added twice. */
  ADDED_TWICE(AddingTwice::new),
  /** A chunk is kept under the digest that was asked for, whatever came. */
  UNHASHED_CHUNK(Unhashed::new);

  private final Supplier<Bug> make;

  Mutant(Supplier<Bug> make) {
    this.make = make;
  }

  /** The bug for one run; whole gives what a damaged payload was before. */
  Bug bug(Function<byte[], Optional<byte[]>> whole) {
    Bug bug = make.get();
    bug.whole(whole);
    return bug;
  }

  /** In words. */
  public String words() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }

  /** What lies between an actor and its ports; each default changes nothing. */
  interface Bug {
    /** Between an actor and its disk; asked for each life. */
    default UnaryOperator<Storage> storage(String actor) {
      return UnaryOperator.identity();
    }

    /** Between an actor and the network; asked for each life, after the storage. */
    default UnaryOperator<Link> link(String actor) {
      return UnaryOperator.identity();
    }

    /** In place of the coordinator's aggregator. */
    default Aggregator aggregator(Aggregator sound) {
      return sound;
    }

    /** Told once how to see through damage. */
    default void whole(Function<byte[], Optional<byte[]>> whole) {}

    /** True for the coordinator. */
    static boolean isCoordinator(String actor) {
      return actor.equals(VirtualNetwork.COORDINATOR);
    }
  }
}
