// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability.transfer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this process took of the machine's memory. */
public final class Memory {
  private Memory() {}

  /** Most resident memory since start, VmHWM of Linux. */
  public static long peakMegabytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
        .findFirst()
        .orElseThrow();
  }
}
