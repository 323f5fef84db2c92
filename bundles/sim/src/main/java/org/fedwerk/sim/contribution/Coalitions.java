// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.contribution;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.LongToDoubleFunction;

/**
 * Shares out what a group is worth among its members, by what each coalition of them is worth. A
 * coalition is a set of bits, one for each member; its value is asked for once.
 */
public final class Coalitions {
  /** With more members there are too many coalitions to ask for all. */
  public static final int EXACT_MOST = 16;

  private static final int MEMBERS_MOST = 62;

  private final int members;
  private final LongToDoubleFunction value;
  private final Map<Long, Double> known = new HashMap<>();

  /**
   * A group.
   *
   * @param members 1 to 62
   * @param value of a coalition, the more the better; of the empty one too
   */
  public Coalitions(int members, LongToDoubleFunction value) {
    if (members < 1 || members > MEMBERS_MOST) {
      throw new IllegalArgumentException(
          "a group has 1 to " + MEMBERS_MOST + " members, not " + members);
    }
    this.members = members;
    this.value = value;
  }

  private double value(long coalition) {
    Double before = known.get(coalition);
    if (before != null) {
      return before;
    }
    double now = value.applyAsDouble(coalition);
    known.put(coalition, now);
    return now;
  }

  private long all() {
    return (1L << members) - 1;
  }

  /** Per member how much less all are worth without it. */
  public double[] leaveOneOut() {
    double[] shares = new double[members];
    for (int member = 0; member < members; member++) {
      shares[member] = value(all()) - value(all() & ~(1L << member));
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
    for (long coalition = 0; coalition <= all(); coalition++) {
      double weight = weight(Long.bitCount(coalition));
      for (int member = 0; member < members; member++) {
        long with = coalition | 1L << member;
        if (with != coalition) {
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
   * An estimate of the same from some orders (Castro, Gomez and Tejada 2009), each followed by its
   * reverse, which makes the estimate closer and keeps it without bias. The shares add up as the
   * exact ones do.
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
    long coalition = 0;
    for (int member : order) {
      long with = coalition | 1L << member;
      shares[member] += (value(with) - value(coalition)) / of;
      coalition = with;
    }
  }
}
