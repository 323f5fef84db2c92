// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.fault;

import java.util.HashSet;
import java.util.Set;
import org.fedwerk.api.store.DataSelection;
import org.fedwerk.api.store.DeletableData;

/** The parts of a simulated site, by name alone; what is deleted stays so over its kills. */
final class MemoryParts implements DeletableData {
  private final Set<String> kept;
  private final Set<String> deleted = new HashSet<>();
  private long deletions;

  MemoryParts(Set<String> serials) {
    kept = new HashSet<>(serials);
  }

  @Override
  public synchronized Set<String> select(DataSelection selection) {
    return selection instanceof DataSelection.BySerial one && kept.contains(one.serial())
        ? Set.of(one.serial())
        : Set.of();
  }

  @Override
  public synchronized Deleted count(Set<String> serials) {
    return new Deleted((int) serials.stream().filter(kept::contains).count(), 0);
  }

  @Override
  public synchronized Deleted delete(Set<String> serials) {
    Deleted count = count(serials);
    kept.removeAll(serials);
    deleted.addAll(serials);
    deletions++;
    return count;
  }

  @Override
  public synchronized long deletions() {
    return deletions;
  }

  @Override
  public synchronized boolean isDeleted(String serial) {
    return deleted.contains(serial);
  }
}
