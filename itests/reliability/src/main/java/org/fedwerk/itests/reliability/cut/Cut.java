// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability.cut;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.fedwerk.api.Digest;
import org.fedwerk.api.coordinator.Coordination.RoundRecord;
import org.fedwerk.itests.reliability.transfer.Hub;
import org.fedwerk.itests.reliability.transfer.Plant;
import org.fedwerk.itests.reliability.transfer.TcpProxy;
import org.fedwerk.itests.reliability.transfer.TransferTask;
import org.fedwerk.link.internal.LinkSettings;

/**
 * A site's network falls silent when half of its update is through: nothing passes, no connection
 * ends, new ones are taken and stay mute. After a while it passes again what it held, and nobody
 * does anything.
 */
public final class Cut {
  /** Beside the cut itself. */
  private static final Duration LIMIT = Duration.ofMinutes(5);

  private static final int LAYERS = 2;
  private static final int HIDDEN = 600;

  /** Elements of a chunk, so that the update is some 200 of them. */
  private static final int RANGE = 2000;

  private final Path folder;
  private final String task;

  /**
   * What came of a cut.
   *
   * @param seconds from the moment when the network passed again to the first chunk that the
   *     coordinator did not have yet
   * @param sentTwice chunks of the update that came to the coordinator more than once, which its
   *     own connection, never cut, can only owe to the site
   * @param missing chunks that it had to do without until then
   */
  public record Outcome(double seconds, long sentTwice, long missing) {}

  /**
   * Nothing runs yet.
   *
   * @param folder to work in
   * @param examples folder of the example tasks
   */
  public Cut(Path folder, Path examples) throws IOException {
    this.folder = folder;
    this.task =
        TransferTask.yaml(Files.readString(examples.resolve("milling.yaml")), LAYERS, HIDDEN)
            // A site that is silent for longer is left out of the round, which is another matter.
            .replaceAll("(?m)^(  stall:) .*$", "$1 30m");
  }

  /** How a site reaches a port. */
  public interface Reach {
    /** The settings of its link. */
    LinkSettings by(int port);
  }

  /**
   * Runs a round of one site with a cut in it.
   *
   * @throws IllegalStateException if the round does not end with one model at both ends
   */
  public Outcome run(Duration length, Reach reach) throws Exception {
    long parameters = TransferTask.parameters(LAYERS, HIDDEN);
    CountDownLatch silent = new CountDownLatch(1);
    try (Hub hub = Hub.withBroker(folder.resolve("hq"), RANGE);
        TcpProxy proxy = new TcpProxy(hub.brokerPort());
        Plant plant =
            new Plant(
                folder.resolve("a"), hub.token("a"), reach.by(proxy.port()), TransferTask.OWNER)) {
      hub.awaitSite("a", LIMIT);
      proxy.watch(
          (up, down) -> {
            if (silent.getCount() > 0 && up > parameters * Float.BYTES / 2) {
              proxy.silence();
              silent.countDown();
            }
          });
      hub.submit(task);
      if (!silent.await(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException("half of the update was not through within " + LIMIT);
      }
      TimeUnit.MILLISECONDS.sleep(length.toMillis());
      long held = hub.traffic().received();
      long all = (parameters + RANGE - 1) / RANGE;
      if (held >= all) {
        throw new IllegalStateException("the whole update was through before the cut");
      }
      long up = System.nanoTime();
      proxy.resume();
      hub.awaitChunk(held, LIMIT);
      double seconds = (System.nanoTime() - up) / 1e9;
      List<RoundRecord> rounds = hub.awaitEnd(LIMIT);
      Digest last = rounds.get(rounds.size() - 1).model();
      plant.awaitDeployed(last, LIMIT);
      return new Outcome(seconds, hub.traffic().receivedAgain(), all - held);
    }
  }
}
