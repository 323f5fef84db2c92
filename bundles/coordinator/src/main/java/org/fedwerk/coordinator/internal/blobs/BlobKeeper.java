// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.blobs;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.fedwerk.api.Digest;
import org.fedwerk.api.store.Blobs;

/**
 * Knows who still needs which blob. Equal bytes are one blob, within a task and between tasks, so a
 * blob goes only when its last holder lets go. Runner thread only.
 */
public final class BlobKeeper {
  private final Blobs blobs;
  private final Map<Digest, Integer> holds = new HashMap<>();

  public BlobKeeper(Blobs blobs) {
    this.blobs = blobs;
  }

  public Holder holder() {
    return new Holder();
  }

  /** The blobs that one task needs; each hold is let go once. */
  public final class Holder {
    private final Map<Digest, Integer> own = new HashMap<>();

    private Holder() {}

    public Blobs blobs() {
      return blobs;
    }

    /** Keeps bytes and holds them. */
    public Digest put(byte[] bytes) {
      hold(List.of(Digest.of(bytes)));
      return blobs.put(bytes);
    }

    /**
     * The bytes.
     *
     * @throws IllegalStateException if they are gone
     */
    public byte[] get(Digest digest) {
      return blobs
          .get(digest)
          .orElseThrow(
              () ->
                  new IllegalStateException(
                      "blob "
                          + digest.brief()
                          + " is gone from the store; restore the store's folder"));
    }

    public void hold(Collection<Digest> digests) {
      for (Digest digest : digests) {
        own.merge(digest, 1, Integer::sum);
        holds.merge(digest, 1, Integer::sum);
      }
    }

    /** Lets go of blobs, and removes those that nobody holds now. */
    public void release(Collection<Digest> digests) {
      unhold(digests);
      sweep(digests);
    }

    /** Lets go of blobs without removing any. */
    public void unhold(Collection<Digest> digests) {
      for (Digest digest : digests) {
        if (own.containsKey(digest)) {
          own.computeIfPresent(digest, (d, count) -> count == 1 ? null : count - 1);
          holds.computeIfPresent(digest, (d, count) -> count == 1 ? null : count - 1);
        }
      }
    }

    /** Removes those of the blobs that nobody holds. */
    public void sweep(Collection<Digest> digests) {
      for (Digest digest : digests) {
        if (!holds.containsKey(digest)) {
          blobs.delete(digest);
        }
      }
    }

    /** Lets go of everything without removing anything, before the task is loaded anew. */
    public void forget() {
      own.forEach(
          (digest, count) ->
              holds.computeIfPresent(digest, (d, all) -> all <= count ? null : all - count));
      own.clear();
    }
  }
}
