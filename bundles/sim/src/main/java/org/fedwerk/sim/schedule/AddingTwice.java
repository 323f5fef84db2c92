// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.schedule;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.fedwerk.api.Digest;
import org.fedwerk.api.Registration;
import org.fedwerk.api.aggregate.Aggregator;
import org.fedwerk.api.link.Address;
import org.fedwerk.api.link.Link;
import org.fedwerk.api.link.LinkListener;
import org.fedwerk.api.message.Kind;

/** If a manifest came twice since the last fold, the first update is added twice. */
final class AddingTwice implements Mutant.Bug {
  private final Set<Digest> came = new HashSet<>();
  private boolean twice;

  @Override
  public UnaryOperator<Link> link(String actor) {
    return Mutant.Bug.isCoordinator(actor) ? Counting::new : UnaryOperator.identity();
  }

  @Override
  public Aggregator aggregator(Aggregator sound) {
    return new Aggregator() {
      @Override
      public String name() {
        return sound.name();
      }

      @Override
      public double[] aggregate(List<float[]> updates, double[] weights) {
        if (!twice) {
          return sound.aggregate(updates, weights);
        }
        List<float[]> more = new ArrayList<>(updates);
        more.add(updates.get(0));
        double[] all = java.util.Arrays.copyOf(weights, weights.length + 1);
        all[weights.length] = weights[0];
        return sound.aggregate(more, all);
      }
    };
  }

  private final class Counting implements Link {
    private final Link link;

    Counting(Link link) {
      this.link = link;
    }

    @Override
    public int maxPayload() {
      return link.maxPayload();
    }

    @Override
    public boolean isConnected() {
      return link.isConnected();
    }

    @Override
    public CompletableFuture<Void> send(Address address, byte[] payload, boolean retained) {
      return link.send(address, payload, retained);
    }

    @Override
    public Registration listen(LinkListener listener) {
      return link.listen(
          new LinkListener() {
            @Override
            public void received(Address address, byte[] payload) {
              if (address.kind() == Kind.MANIFEST) {
                twice = !came.add(Digest.of(payload));
              }
              listener.received(address, payload);
            }

            @Override
            public void connected() {
              listener.connected();
            }
          });
    }
  }
}
