// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.window.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.ComponentServiceObjects;

/**
 * Services that come and go. Each is fetched when it is first used, not when it is bound: a signal
 * source needs this room to start, and would be asked for while it does. Thread-safe.
 */
final class Whiteboard<T> {
  private static final class Entry<T> {
    final ComponentServiceObjects<T> objects;
    @Nullable T service;

    Entry(ComponentServiceObjects<T> objects) {
      this.objects = objects;
    }
  }

  private final Map<ServiceReference<T>, Entry<T>> entries = new LinkedHashMap<>();
  private final List<T> plain = new ArrayList<>();

  synchronized void add(ComponentServiceObjects<T> objects) {
    entries.put(objects.getServiceReference(), new Entry<>(objects));
  }

  synchronized void remove(ComponentServiceObjects<T> objects) {
    Entry<T> entry = entries.remove(objects.getServiceReference());
    if (entry != null && entry.service != null) {
      entry.objects.ungetService(entry.service);
    }
  }

  /** Adds something that is no OSGi service. */
  synchronized void add(T service) {
    plain.add(service);
  }

  synchronized void remove(T service) {
    plain.remove(service);
  }

  /** Those that can be had now. */
  List<T> services() {
    List<Entry<T>> known;
    List<T> found;
    synchronized (this) {
      known = new ArrayList<>(entries.values());
      found = new ArrayList<>(plain);
    }
    for (Entry<T> entry : known) {
      T service = fetch(entry);
      if (service != null) {
        found.add(service);
      }
    }
    return found;
  }

  /** Outside the lock, because fetching may start a component that binds to this one. */
  private @Nullable T fetch(Entry<T> entry) {
    synchronized (this) {
      if (entry.service != null) {
        return entry.service;
      }
    }
    T service = entry.objects.getService();
    synchronized (this) {
      boolean bound = entries.containsValue(entry);
      if (service != null && (!bound || entry.service != null)) {
        entry.objects.ungetService(service);
        return bound ? entry.service : null;
      }
      entry.service = service;
      return service;
    }
  }
}
