// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.window.internal;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.fedwerk.api.signal.Sample;
import org.fedwerk.api.signal.SampleValue;
import org.fedwerk.store.internal.DiskPartStore;
import org.fedwerk.store.internal.DiskStorage;
import org.fedwerk.store.internal.StoreSettings;

/**
 * A process that feeds numbered samples without end and prints the number of each batch once it is
 * accepted. Sample n has value n and source time n tenths of a second; a part has 30 of them. Slow
 * signals come a few parts apart, and the two signals come interleaved in different batches.
 */
final class FeedingChild {
  static final int PER_PART = 30;
  private static final int PER_BATCH = 7;

  private FeedingChild() {}

  static StoreSettings settings(Path folder) {
    return new StoreSettings(folder, 32 << 10, 0, Duration.ZERO, Duration.ofSeconds(1));
  }

  static WindowSettings window() {
    return new WindowSettings(
        "serial", Duration.ofSeconds(1), Duration.ofSeconds(30), 20, 8, 100_000);
  }

  /** Batch b: fast samples of its numbers, lagging ones of the batch before, serials and slow. */
  static List<Sample> batch(long batch) {
    List<Sample> samples = new ArrayList<>();
    for (long n = batch * PER_BATCH; n < (batch + 1) * PER_BATCH; n++) {
      samples.add(sample("fast", n));
      if (n >= PER_BATCH) {
        samples.add(sample("lagging", n - PER_BATCH));
      }
      if (n % 100 == 50) {
        samples.add(sample("slow", n));
      }
      if (n % PER_PART == 0) {
        samples.add(
            new Sample("serial", new SampleValue.Text("P" + n / PER_PART), 0, Given.at(n * 0.1)));
      }
    }
    return samples;
  }

  /** The last number of which all samples are in batches up to this one. */
  static long wholeThrough(long batch) {
    return batch * PER_BATCH - 1;
  }

  private static Sample sample(String signal, long n) {
    return Given.number(signal, n * 0.1, n);
  }

  public static void main(String[] arguments) {
    DiskStorage storage = new DiskStorage(settings(Path.of(arguments[0])));
    storage.start();
    Window window = new Window(new DiskPartStore(storage), window());
    window.start();
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.US_ASCII);
    for (long batch = Long.parseLong(arguments[1]); ; batch++) {
      window.accept("press", batch(batch));
      out.println(batch);
      out.flush();
    }
  }
}
