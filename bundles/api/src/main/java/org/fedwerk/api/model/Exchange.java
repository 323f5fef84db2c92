// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongFunction;
import org.fedwerk.api.learn.Layout;
import org.fedwerk.api.learn.LayoutEntry;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.learn.ParameterRole;
import org.fedwerk.api.task.LocalSpec;

/**
 * Which part of a network's parameters travels between coordinator and sites, and what travels with
 * it: entries of layers that stay at the site are left out, and with SCAFFOLD the server's control
 * variate follows, an element for each that travels. With clusters the models of all of them follow
 * each other. So one vector holds all that belongs together, is one version and has one digest.
 *
 * @param network layout of the network's own vector; entries that stay have role LOCAL
 * @param layout of the vector that travels
 * @param parameters how many of its elements are parameters of one model; they come first
 * @param clusters how many models it holds, from 1
 */
public record Exchange(Layout network, Layout layout, int parameters, int clusters) {
  private static final String CONTROL = "control.";
  private static final String CLUSTER = "cluster";

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
    Layout layout =
        new Layout(
            local.isClustered() ? copies(travelling, parameters, local.clusters()) : travelling);
    return new Exchange(new Layout(own), layout, parameters, local.clusters());
  }

  private static List<LayoutEntry> copies(List<LayoutEntry> one, int size, int clusters) {
    // Refused by its number rather than by arithmetic that runs over.
    Math.multiplyExact(size, clusters);
    List<LayoutEntry> all = new ArrayList<>();
    for (int cluster = 0; cluster < clusters; cluster++) {
      for (LayoutEntry entry : one) {
        all.add(
            new LayoutEntry(
                CLUSTER + (cluster + 1) + "." + entry.name(),
                entry.shape(),
                cluster * size + entry.offset(),
                entry.role()));
      }
    }
    return all;
  }

  private static boolean stays(LayoutEntry entry, LocalSpec local) {
    return local.layers().stream().anyMatch(layer -> entry.name().startsWith(layer + "."));
  }

  /** True if a control variate travels. */
  public boolean hasControl() {
    return clusters == 1 && layout.size() > parameters;
  }

  /**
   * Version 0 of a task, which everybody can compute: with clusters each begins elsewhere, or no
   * site could prefer one.
   *
   * @param initial a network's vector for a seed
   */
  public float[] first(LongFunction<float[]> initial, long seed) {
    if (clusters == 1) {
      return travelling(initial.apply(seed));
    }
    float[] all = new float[layout.size()];
    for (int cluster = 0; cluster < clusters; cluster++) {
      System.arraycopy(initial.apply(seed + cluster), 0, all, cluster * parameters, parameters);
    }
    return all;
  }

  /**
   * The model of one cluster.
   *
   * @param travelled what travelled
   * @param cluster from 0
   */
  public float[] ofCluster(float[] travelled, int cluster) {
    return Arrays.copyOfRange(travelled, cluster * parameters, (cluster + 1) * parameters);
  }

  /**
   * An update of one cluster's model as it travels: it changes nothing of the others.
   *
   * @param cluster from 0
   */
  public float[] forCluster(float[] update, int cluster) {
    float[] all = new float[layout.size()];
    System.arraycopy(update, 0, all, cluster * parameters, parameters);
    return all;
  }

  /** The cluster, from 0, whose model an element belongs to. */
  public int clusterAt(int element) {
    return clusters == 1 ? 0 : element / parameters;
  }

  /** True if all of a network's vector travels, and nothing else. */
  private boolean isWhole() {
    return parameters == network.size() && layout.size() == parameters;
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
