// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.fedwerk.api.store.Blobs;
import org.fedwerk.api.store.Journal;
import org.fedwerk.api.store.Storage;

/** The real store, of which single journals can be told to find the disk full. */
final class FillingStorage implements Storage {
  private final Storage real;

  /** Names of journals that cannot be appended to. */
  final Set<String> full = ConcurrentHashMap.newKeySet();

  FillingStorage(Storage real) {
    this.real = real;
  }

  @Override
  public Journal journal(String name) {
    Journal journal = real.journal(name);
    return (Journal)
        Proxy.newProxyInstance(
            Journal.class.getClassLoader(),
            new Class<?>[] {Journal.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("append") && full.contains(name)) {
                throw new UncheckedIOException(
                    new IOException("appending to " + name + ": No space left on device"));
              }
              try {
                return method.invoke(journal, arguments);
              } catch (InvocationTargetException thrown) {
                throw thrown.getCause();
              }
            });
  }

  @Override
  public Blobs blobs() {
    return real.blobs();
  }
}
