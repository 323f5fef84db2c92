// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.data.Schema;
import org.fedwerk.store.internal.DiskPartStore;
import org.fedwerk.store.internal.DiskStorage;
import org.fedwerk.store.internal.StoreSettings;
import org.fedwerk.window.internal.Window;
import org.fedwerk.window.internal.WindowSettings;

/**
 * A site's way from samples to examples: the real window room over the real store, in a folder of
 * its own.
 */
public final class ExampleCollector implements AutoCloseable {
  private final DiskStorage storage;
  private final DiskPartStore parts;
  private final Window window;

  /** Opens the folder. */
  public ExampleCollector(Path folder) throws IOException {
    Files.createDirectories(folder);
    storage = new DiskStorage(StoreSettings.in(folder));
    storage.start();
    parts = new DiskPartStore(storage);
    window = new Window(parts, WindowSettings.standard());
    window.start();
  }

  /** Takes in parts and waits until all of them are stored. */
  public void collect(ProcessFeed feed, long most) throws InterruptedException {
    window.attach(feed);
    long before = window.report().stored();
    long fed = feed.feed(most, window, window);
    long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (window.report().stored() < before + fed) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException(
            "only "
                + (window.report().stored() - before)
                + " of "
                + fed
                + " parts were stored within two minutes");
      }
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  /** The storage of this site. */
  public DiskStorage storage() {
    return storage;
  }

  /** The window room. */
  public Window window() {
    return window;
  }

  /** All examples. */
  public List<Example> examples(Schema schema) {
    return window.examples(schema);
  }

  @Override
  public void close() {
    window.close();
    parts.close();
    storage.close();
  }
}
