// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability.transfer;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.fedwerk.api.Digest;
import org.fedwerk.api.coordinator.Coordination.RoundRecord;
import org.fedwerk.identity.internal.Authority;
import org.fedwerk.identity.internal.SiteIdentity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model of many small chunks over a broker and mutual TLS, cut on both ways. */
class TransferTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final int RANGE = 64;
  private static final int HIDDEN = 300;

  @TempDir Path folder;

  @Test
  void aModelOfManyChunksGoesOutAndItsUpdateComesBackAndAfterACutOnlyWhatIsMissingTravels()
      throws Exception {
    try (Hub hub = Hub.withBroker(folder.resolve("hq"), RANGE)) {
      transfer(hub, (plant, proxy) -> {});
    }
  }

  @Test
  void soItIsOverMosquittoWithTheCertificateAndTheRightsThatTheAuthorityWrites() throws Exception {
    Optional<Path> mosquitto = OtherBroker.mosquitto();
    assumeTrue(mosquitto.isPresent(), "Mosquitto is not installed; it is Debian's mosquitto");
    Path hq = folder.resolve("hq");
    Authority authority = Hub.authority(hq);
    String token = authority.issueToken("a", LIMIT);
    SiteIdentity.enrol(folder.resolve("before"), token);
    Path acl = Hub.brokerFiles(hq).resolve("acl");
    assertTrue(Files.readString(acl).contains("topic write fedwerk/plants/from/a/#"));
    authority.revoke("a");
    assertFalse(Files.readString(acl).contains("from/a/#"));
    try (OtherBroker broker =
            OtherBroker.mosquitto(
                mosquitto.orElseThrow(), folder.resolve("mosquitto"), Hub.brokerFiles(hq));
        Hub hub = Hub.at(hq, authority, broker.port(), RANGE)) {
      transfer(
          hub,
          (plant, proxy) -> {
            Hub.await(LIMIT, () -> plant.refusal().contains("does not permit this process"));
            broker.grant("a");
            proxy.cut();
            proxy.mend();
          });
    }
  }

  private interface Before {
    void submission(Plant plant, TcpProxy proxy) throws Exception;
  }

  private void transfer(Hub hub, Before before) throws Exception {
    long parameters = TransferTask.parameters(2, HIDDEN);
    long chunks = (parameters + RANGE - 1) / RANGE;
    long pieces = (chunks + 5) / 6;
    assertTrue(chunks > 1444, "more than a plan could name");
    Path examples = Path.of(System.getProperty("fedwerk.examples"));
    String yaml = TransferTask.yaml(Files.readString(examples.resolve("milling.yaml")), 2, HIDDEN);
    try (TcpProxy proxy = new TcpProxy(hub.brokerPort());
        Plant plant =
            new Plant(folder.resolve("a"), hub.token("a"), proxy.port(), TransferTask.OWNER)) {
      before.submission(plant, proxy);
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
