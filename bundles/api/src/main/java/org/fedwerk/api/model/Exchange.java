// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.model;

import java.util.ArrayList;
import java.util.List;
import org.fedwerk.api.learn.Layout;
import org.fedwerk.api.learn.LayoutEntry;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.learn.ParameterRole;
import org.fedwerk.api.task.LocalSpec;

/**
 * Which part of a network's parameters travels between coordinator and sites, and what travels with
 * it: entries of layers that stay at the site are left out, and with SCAFFOLD the server's control
 * variate follows, an element for each that travels. So one vector holds model and control variate,
 * is one version and has one digest.
 *
 * @param network layout of the network's own vector; entries that stay have role LOCAL
 * @param layout of the vector that travels
 * @param parameters how many of its elements are parameters; they come first
 */
public record Exchange(Layout network, Layout layout, int parameters) {
  private static final String CONTROL = "control.";

  /** What a task exchanges. */
  public static Exchange of(Network network, LocalSpec local) {
    List<LayoutEntry> own = new ArrayList<>();
    List<LayoutEntry> travelling = new ArrayList<>();
    int next = 0;
    for (LayoutEntry entry : network.layout().entries()) {
      boolean stays = entry.role() == ParameterRole.LOCAL || stays(entry, local);
      ParameterRole role = stays ? ParameterRole.LOCAL : entry.role();
      own.add(new LayoutEntry(entry.name(), entry.shape(), entry.offset(), role));
      if (!stays) {
        travelling.add(new LayoutEntry(entry.name(), entry.shape(), next, role));
        next += entry.size();
      }
    }
    int parameters = next;
    if (local.scaffold()) {
      for (LayoutEntry entry : List.copyOf(travelling)) {
        travelling.add(
            new LayoutEntry(
                CONTROL + entry.name(),
                entry.shape(),
                parameters + entry.offset(),
                ParameterRole.BUFFER));
      }
    }
    return new Exchange(new Layout(own), new Layout(travelling), parameters);
  }

  private static boolean stays(LayoutEntry entry, LocalSpec local) {
    return local.layers().stream().anyMatch(layer -> entry.name().startsWith(layer + "."));
  }

  /** True if a control variate travels. */
  public boolean hasControl() {
    return layout.size() > parameters;
  }

  /** True if all of a network's vector travels, and nothing else. */
  private boolean isWhole() {
    return parameters == network.size() && !hasControl();
  }

  /**
   * The vector that travels, of a whole one; a control variate is zero.
   *
   * @return the given array where they are the same, for it may be large
   */
  public float[] travelling(float[] whole) {
    if (isWhole()) {
      return whole;
    }
    float[] travelling = new float[layout.size()];
    copy(whole, travelling, true, false);
    return travelling;
  }

  /**
   * A network's vector.
   *
   * @param travelling what travelled
   * @param local elements of the LOCAL entries, in their order
   * @return what travelled itself where nothing else makes the vector
   */
  public float[] whole(float[] travelling, float[] local) {
    if (isWhole()) {
      return travelling;
    }
    float[] whole = new float[network.size()];
    copy(travelling, whole, false, false);
    copy(local, whole, false, true);
    return whole;
  }

  /** The elements of the LOCAL entries of a whole vector, in their order. */
  public float[] local(float[] whole) {
    float[] local = new float[network.size() - parameters];
    copy(whole, local, true, true);
    return local;
  }

  /** Between a whole vector and the one of its entries that stay, or of those that do not. */
  private void copy(float[] from, float[] to, boolean fromWhole, boolean staying) {
    int next = 0;
    for (LayoutEntry entry : network.entries()) {
      if ((entry.role() == ParameterRole.LOCAL) == staying) {
        int source = fromWhole ? entry.offset() : next;
        int target = fromWhole ? next : entry.offset();
        System.arraycopy(from, source, to, target, entry.size());
        next += entry.size();
      }
    }
  }
}
