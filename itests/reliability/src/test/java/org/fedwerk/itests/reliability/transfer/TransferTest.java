// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability.transfer;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.fedwerk.api.Digest;
import org.fedwerk.api.coordinator.Coordination.RoundRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model of many small chunks over the embedded broker and mutual TLS, cut on both ways. */
class TransferTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final int RANGE = 64;
  private static final int HIDDEN = 300;

  @TempDir Path folder;

  @Test
  void aModelOfManyChunksGoesOutAndItsUpdateComesBackAndAfterACutOnlyWhatIsMissingTravels()
      throws Exception {
    long parameters = TransferTask.parameters(2, HIDDEN);
    long chunks = (parameters + RANGE - 1) / RANGE;
    long pieces = (chunks + 5) / 6;
    assertTrue(chunks > 1444, "more than a plan could name");
    Path examples = Path.of(System.getProperty("fedwerk.examples"));
    String yaml = TransferTask.yaml(Files.readString(examples.resolve("milling.yaml")), 2, HIDDEN);
    try (Hub hub = Hub.withBroker(folder.resolve("hq"), RANGE);
        TcpProxy proxy = new TcpProxy(hub.brokerPort());
        Plant plant =
            new Plant(folder.resolve("a"), hub.token("a"), proxy.port(), TransferTask.OWNER)) {
      hub.awaitSite("a", LIMIT);
      long half = parameters * Float.BYTES / 2;
      AtomicBoolean cutDown = new AtomicBoolean();
      AtomicBoolean cutUp = new AtomicBoolean();
      proxy.watch(
          (up, down) -> {
            if ((down > half && cutDown.compareAndSet(false, true))
                || (up > half && cutUp.compareAndSet(false, true))) {
              proxy.cut();
              proxy.mend();
            }
          });
      hub.submit(yaml);
      List<RoundRecord> rounds = hub.awaitEnd(LIMIT);

      assertTrue(cutDown.get() && cutUp.get());
      Digest last = rounds.get(rounds.size() - 1).model();
      plant.awaitDeployed(last, LIMIT);
      Traffic out = hub.traffic();
      Traffic in = plant.traffic();
      assertWhole(2 * (chunks + pieces), in.received(), "the first model and the next one");
      assertWhole(chunks + pieces, out.received(), "the update");
      // What the broker took and nobody has yet comes from it; a window at most goes twice where
      // an answer was lost with the connection.
      assertTrue(out.sentAgain() <= 64, out.toString());
      assertTrue(in.sentAgain() <= 32, in.toString());
      assertTrue(in.receivedAgain() <= 100 && out.receivedAgain() <= 100, in + ", " + out);
    }
  }

  /** Chunks of zeros are alike, and a step from zero is alike in update and model. */
  private static void assertWhole(long all, long received, String what) {
    assertTrue(received <= all && received >= all - 40, what + ": " + received + " of " + all);
  }
}
