// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.task.internal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.fedwerk.api.Refusal;
import org.fedwerk.api.RefusedException;

/** Everything that is wrong with one document, so that its author mends it in one go. */
final class Refusals {
  /** A document of nothing but mistakes must not fill an operator's screen or a message. */
  static final int LISTED = 100;

  private final List<Refusal> found = new ArrayList<>();

  void add(String where, int line, String what) {
    found.add(new Refusal(where, line, what));
  }

  boolean has(String where) {
    return found.stream().anyMatch(refusal -> refusal.where().equals(where));
  }

  void throwIfAny() throws RefusedException {
    if (found.isEmpty()) {
      return;
    }
    List<Refusal> listed = new ArrayList<>(found);
    listed.sort(Comparator.comparingInt(Refusal::line));
    if (listed.size() > LISTED) {
      int more = listed.size() - LISTED;
      listed = new ArrayList<>(listed.subList(0, LISTED));
      listed.add(new Refusal("document", 0, more + " more refusals are not listed"));
    }
    throw new RefusedException(listed);
  }
}
