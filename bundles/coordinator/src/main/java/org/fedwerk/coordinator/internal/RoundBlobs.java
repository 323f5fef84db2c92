// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.fedwerk.api.Digest;
import org.fedwerk.coordinator.internal.blobs.BlobKeeper;
import org.fedwerk.coordinator.internal.replies.ReplyRecord;
import org.fedwerk.coordinator.internal.round.Closed;
import org.fedwerk.coordinator.internal.round.Reply;
import org.fedwerk.coordinator.internal.round.RoundState;
import org.jspecify.annotations.Nullable;

/** The replies and products of the current round in the blob store. Runner thread only. */
final class RoundBlobs {
  private final BlobKeeper.Holder blobs;
  private final Map<Digest, PhaseProduct> products = new HashMap<>();

  /** Products whose models a later one of the same attempt has replaced; those are let go. */
  private final Set<Digest> replaced = new HashSet<>();

  private @Nullable Digest servedModel;
  private Set<Digest> served = Set.of();

  RoundBlobs(BlobKeeper.Holder blobs) {
    this.blobs = blobs;
  }

  /** Holds what a state read from the journal needs. */
  void hold(RoundState round) {
    replaced.clear();
    round.replies().values().forEach(this::hold);
    round.late().kept().forEach(late -> hold(late.reply()));
    for (Closed closed : round.closed()) {
      closed.replies().forEach(this::hold);
      blobs.hold(List.of(closed.product()));
    }
    List<Digest> models = models(round);
    if (!models.isEmpty()) {
      blobs.hold(product(last(models)).blobs());
      models.subList(0, models.size() - 1).forEach(this::replace);
    }
  }

  /** Lets go of models that a later phase of the attempt has replaced. */
  void keepNewest(RoundState round) {
    List<Digest> models = models(round);
    for (Digest older : models.subList(0, Math.max(0, models.size() - 1))) {
      blobs.release(product(older).blobs());
      replace(older);
    }
  }

  /** A long list of chunks need not stay in memory either. */
  private void replace(Digest older) {
    replaced.add(older);
    products.remove(older);
  }

  private void hold(Reply reply) {
    blobs.hold(List.of(reply.record()));
    stored(reply.record()).ifPresent(bytes -> blobs.hold(ReplyRecord.decode(bytes).blobs()));
  }

  ReplyRecord read(Reply reply) {
    return ReplyRecord.decode(blobs.get(reply.record()));
  }

  Digest keep(PhaseProduct product) {
    return blobs.put(product.encode());
  }

  /** What a fold made; without its model if that was replaced. */
  PhaseProduct product(Digest product) {
    if (replaced.contains(product)) {
      PhaseProduct whole = PhaseProduct.decode(blobs.get(product));
      return new PhaseProduct(Optional.empty(), whole.metrics(), whole.evaluations());
    }
    return products.computeIfAbsent(product, digest -> PhaseProduct.decode(blobs.get(digest)));
  }

  /** The newest model that a phase of this attempt made, if one did. */
  Optional<PhaseProduct.Candidate> candidate(RoundState round) {
    List<Digest> models = models(round);
    return models.isEmpty() ? Optional.empty() : product(last(models)).candidate();
  }

  private static Digest last(List<Digest> models) {
    return models.get(models.size() - 1);
  }

  /**
   * Products of this attempt that hold a model which was not replaced, oldest first; once it is
   * over they are gone.
   */
  private List<Digest> models(RoundState round) {
    return round.closed().stream()
        .map(Closed::product)
        .filter(product -> !replaced.contains(product))
        .filter(product -> products.containsKey(product) || stored(product).isPresent())
        .filter(product -> product(product).candidate().isPresent())
        .toList();
  }

  /** True if the newest model that a phase of this attempt made consists of the blob. */
  boolean serves(RoundState round, Digest blob) {
    Optional<PhaseProduct.Candidate> made = candidate(round);
    if (made.isEmpty()) {
      return false;
    }
    if (!made.get().model().digest().equals(servedModel)) {
      servedModel = made.get().model().digest();
      served = Set.copyOf(made.get().served());
    }
    return served.contains(blob);
  }

  /** Lets go of replies and products that nobody needs any more. */
  void discard(Collection<Reply> gone, Collection<Digest> unwanted) {
    products.clear();
    for (Reply reply : gone) {
      stored(reply.record()).ifPresent(bytes -> blobs.release(ReplyRecord.decode(bytes).blobs()));
      blobs.release(List.of(reply.record()));
    }
    for (Digest product : unwanted) {
      if (!replaced.remove(product)) {
        stored(product).ifPresent(bytes -> blobs.release(PhaseProduct.decode(bytes).blobs()));
      }
      blobs.release(List.of(product));
    }
  }

  /** Removes what a kill left between a round's end and the removal of its blobs. */
  void sweep(Collection<Digest> replies, Collection<Digest> made) {
    for (Digest reply : replies) {
      stored(reply).ifPresent(bytes -> blobs.sweep(ReplyRecord.decode(bytes).blobs()));
      blobs.sweep(List.of(reply));
    }
    for (Digest product : made) {
      stored(product).ifPresent(bytes -> blobs.sweep(PhaseProduct.decode(bytes).blobs()));
      blobs.sweep(List.of(product));
    }
  }

  private Optional<byte[]> stored(Digest digest) {
    return blobs.blobs().get(digest);
  }
}
