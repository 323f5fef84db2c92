// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability.soak;

import java.nio.file.Files;
import java.nio.file.Path;
import org.fedwerk.api.Digest;
import org.fedwerk.api.coordinator.Coordination.TaskRun;
import org.fedwerk.itests.reliability.scale.Headquarters;

/** The coordinator's process with its broker: tells each round that is committed. */
final class HubMain {
  private static final long LOOK_MILLIS = 50;

  private HubMain() {}

  /**
   * Runs until it is ended.
   *
   * @param args folder, file of the task, ids of the sites
   */
  public static void main(String[] args) throws Exception {
    try (Headquarters hub = new Headquarters(Path.of(args[0]))) {
      System.out.println("broker " + hub.brokerPort());
      for (int site = 2; site < args.length; site++) {
        System.out.println("token " + hub.token(args[site]));
      }
      Digest task = hub.submit(Files.readString(Path.of(args[1])));
      int newest = 0;
      while (System.in.available() == 0) {
        TaskRun run = hub.run(task);
        if (run.state().equals("failed")) {
          System.out.println("failed " + run);
          break;
        }
        int version = run.model().map(model -> model.version()).orElse(0);
        if (version > newest) {
          newest = version;
          System.out.println("round " + version);
        }
        Thread.sleep(LOOK_MILLIS);
      }
    }
    System.exit(0);
  }
}
