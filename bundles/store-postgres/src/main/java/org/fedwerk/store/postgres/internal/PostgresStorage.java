// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.store.postgres.internal;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.fedwerk.api.store.Blobs;
import org.fedwerk.api.store.Journal;
import org.fedwerk.api.store.Storage;

/** The state in the database, for one holder of the lease; its token is the epoch. */
final class PostgresStorage implements Storage {
  private static final Pattern NAME =
      Pattern.compile("[a-z0-9-][a-z0-9.-]*(/[a-z0-9-][a-z0-9.-]*)*");

  private final Fence fence;
  private final PostgresBlobs blobs;
  private final Map<String, PostgresJournal> journals = new HashMap<>();

  PostgresStorage(Fence fence) {
    this.fence = fence;
    blobs = new PostgresBlobs(fence);
  }

  @Override
  public Journal journal(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "a journal's name has lower case letters, digits, dashes, dots and slashes, not \""
              + name
              + "\"");
    }
    synchronized (journals) {
      return journals.computeIfAbsent(
          name, absent -> new PostgresJournal(fence, name, () -> forget(name)));
    }
  }

  private void forget(String name) {
    synchronized (journals) {
      journals.remove(name);
    }
  }

  @Override
  public Blobs blobs() {
    return blobs;
  }

  @Override
  public long epoch() {
    return fence.token();
  }
}
