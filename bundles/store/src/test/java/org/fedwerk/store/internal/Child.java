// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.store.internal;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.fedwerk.api.signal.Sample;
import org.fedwerk.api.signal.SampleValue;
import org.fedwerk.api.store.Journal;

/** Programs that run in a process of their own, so that they can be killed. */
final class Child {
  private Child() {}

  static Process start(Class<?> program, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx64m", "-XX:+UseSerialGC", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(program.getName());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  /** Opens the store and says why not. */
  static final class Open {
    public static void main(String[] arguments) {
      try (DiskStorage storage = new DiskStorage(StoreSettings.in(Path.of(arguments[0])))) {
        System.out.println("open " + storage.status());
      } catch (IllegalStateException refused) {
        System.out.println(refused.getMessage());
      }
    }
  }

  /** Deletes parts one by one without end and says what it begins and what is done. */
  static final class Delete {
    public static void main(String[] arguments) {
      DiskPartStore parts = new DiskPartStore(new DiskStorage(settings(Path.of(arguments[0]))));
      PrintStream out = new PrintStream(System.out, false, StandardCharsets.US_ASCII);
      for (int i = Integer.parseInt(arguments[1]); ; i++) {
        say(out, -i - 1L);
        parts.delete(Set.of(DeletionTest.Filling.serial(i)));
        say(out, i);
      }
    }

    private static void say(PrintStream out, long number) {
      out.println(number);
      out.flush();
    }

    static StoreSettings settings(Path folder) {
      return new StoreSettings(
          folder, 4096, 0, java.time.Duration.ZERO, java.time.Duration.ofSeconds(1));
    }
  }

  /** Appends numbered records and batches without end and prints each number once it is kept. */
  static final class Append {
    public static void main(String[] arguments) {
      Path folder = Path.of(arguments[0]);
      DiskStorage storage = new DiskStorage(settings(folder));
      storage.start();
      Journal journal = storage.journal("numbers");
      DiskPartStore parts = new DiskPartStore(storage);
      PrintStream out = new PrintStream(System.out, false, StandardCharsets.US_ASCII);
      while (true) {
        long next = journal.last() + 1;
        // the batch first: a kill in between repeats it under the same number
        parts.append("press", batch(next));
        journal.append(record(next));
        out.println(next);
        out.flush();
      }
    }

    static StoreSettings settings(Path folder) {
      StoreSettings standard = StoreSettings.in(folder);
      return new StoreSettings(
          folder, 64 << 10, 0, standard.partsMaxAge(), standard.forceInterval());
    }

    static byte[] record(long number) {
      return ("record " + number + " " + "x".repeat((int) (number * 37 % 3000)))
          .getBytes(StandardCharsets.US_ASCII);
    }

    static List<Sample> batch(long number) {
      Instant time = Instant.ofEpochSecond(number);
      return List.of(
          new Sample("serial", new SampleValue.Text("P" + number), 0, time),
          new Sample("torque", new SampleValue.Number(number), 0, time));
    }
  }
}
