// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.folder.internal;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.fedwerk.store.internal.DiskPartStore;
import org.fedwerk.store.internal.DiskStorage;
import org.fedwerk.store.internal.StoreSettings;
import org.fedwerk.window.internal.ImageInspector;
import org.fedwerk.window.internal.Window;
import org.fedwerk.window.internal.WindowSettings;

/** A process that takes images from a folder until it is killed. */
final class TakingChild {
  private TakingChild() {}

  static StoreSettings store(Path folder) {
    return new StoreSettings(folder, 32 << 10, 0, Duration.ZERO, Duration.ofSeconds(1));
  }

  public static void main(String[] arguments) throws InterruptedException {
    DiskStorage storage = new DiskStorage(store(Path.of(arguments[0])));
    storage.start();
    Window window = new Window(new DiskPartStore(storage), WindowSettings.standard());
    FolderSource source =
        new FolderSource(
            Plates.settings(Path.of(arguments[1]), true), window, new ImageInspector());
    window.attach(source);
    window.start();
    source.start();
    new CountDownLatch(1).await();
  }
}
