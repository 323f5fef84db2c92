// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.contribution;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/**
 * Shares out what a group is worth among its members, by what each coalition of them is worth. A
 * coalition is a set of bits, one for each member; its value is asked for once.
 */
public final class Coalitions {
  /** With more members there are too many coalitions to ask for all. */
  public static final int EXACT_MOST = 16;

  private final int members;
  private final ToDoubleFunction<BitSet> value;
  private final Map<BitSet, Double> known = new HashMap<>();

  /**
   * A group.
   *
   * @param members from 1
   * @param value of a coalition, the more the better; of the empty one too
   */
  public Coalitions(int members, ToDoubleFunction<BitSet> value) {
    if (members < 1) {
      throw new IllegalArgumentException("a group has at least one member, not " + members);
    }
    this.members = members;
    this.value = value;
  }

  private double value(BitSet coalition) {
    Double before = known.get(coalition);
    if (before != null) {
      return before;
    }
    double now = value.applyAsDouble((BitSet) coalition.clone());
    known.put((BitSet) coalition.clone(), now);
    return now;
  }

  private BitSet all() {
    BitSet all = new BitSet();
    all.set(0, members);
    return all;
  }

  /** Of each member by itself. */
  public double[] alone() {
    double[] values = new double[members];
    for (int member = 0; member < members; member++) {
      BitSet alone = new BitSet();
      alone.set(member);
      values[member] = value(alone);
    }
    return values;
  }

  /** Per member how much less all are worth without it. */
  public double[] leaveOneOut() {
    double[] shares = new double[members];
    double whole = value(all());
    for (int member = 0; member < members; member++) {
      BitSet others = all();
      others.clear(member);
      shares[member] = whole - value(others);
    }
    return shares;
  }

  /**
   * Shapley's value (1953): per member the mean of what it adds to those before it, over all orders
   * in which all come together. The shares add up to what all are worth more than nobody.
   *
   * @throws IllegalStateException with more than {@value #EXACT_MOST} members
   */
  public double[] shapley() {
    if (members > EXACT_MOST) {
      throw new IllegalStateException(
          members + " members have too many coalitions; sample the value");
    }
    double[] shares = new double[members];
    for (long bits = 0; bits < 1L << members; bits++) {
      BitSet coalition = BitSet.valueOf(new long[] {bits});
      double weight = weight(coalition.cardinality());
      for (int member = 0; member < members; member++) {
        if (!coalition.get(member)) {
          BitSet with = (BitSet) coalition.clone();
          with.set(member);
          shares[member] += weight * (value(with) - value(coalition));
        }
      }
    }
    return shares;
  }

  /** The share of orders in which exactly these many, and these, come before a member. */
  private double weight(int before) {
    double weight = 1.0 / members;
    for (int i = 1; i <= before; i++) {
      weight *= (double) i / (members - i);
    }
    return weight;
  }

  /**
   * An estimate of the same from some orders (Castro, Gomez and Tejada 2009; for learning Ghorbani
   * and Zou 2019), each followed by its reverse, which makes the estimate closer and keeps it
   * without bias. The shares add up as the exact ones do.
   *
   * @param orders how many are drawn, from 1
   * @param seed the same draws the same
   */
  public double[] sampledShapley(int orders, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] shares = new double[members];
    int[] order = new int[members];
    for (int i = 0; i < members; i++) {
      order[i] = i;
    }
    for (int n = 0; n < orders; n++) {
      for (int i = members - 1; i > 0; i--) {
        int other = random.nextInt(i + 1);
        int swapped = order[i];
        order[i] = order[other];
        order[other] = swapped;
      }
      add(order, shares, 2.0 * orders);
      add(reversed(order), shares, 2.0 * orders);
    }
    return shares;
  }

  private static int[] reversed(int[] order) {
    int[] reversed = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      reversed[i] = order[order.length - 1 - i];
    }
    return reversed;
  }

  private void add(int[] order, double[] shares, double of) {
    BitSet coalition = new BitSet();
    for (int member : order) {
      double before = value(coalition);
      coalition.set(member);
      shares[member] += (value(coalition) - before) / of;
    }
  }
}
