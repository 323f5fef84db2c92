// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability.transfer;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.fedwerk.api.Digest;
import org.fedwerk.api.identity.Identity;
import org.fedwerk.identity.internal.SiteIdentity;
import org.fedwerk.learn.internal.NamedArchitectures;
import org.fedwerk.learn.internal.NamedDriftDetection;
import org.fedwerk.learn.internal.WindowPreparation;
import org.fedwerk.link.internal.CamelLink;
import org.fedwerk.link.internal.LinkSettings;
import org.fedwerk.plant.process.MillingProcess;
import org.fedwerk.plant.process.MillingProfile;
import org.fedwerk.sim.internal.ExampleCollector;
import org.fedwerk.sim.internal.ProcessFeed;
import org.fedwerk.site.internal.Site;
import org.fedwerk.site.internal.SiteSettings;
import org.fedwerk.task.internal.YamlTaskReader;
import org.fedwerk.window.internal.SchemaDerivation;
import org.fedwerk.wire.internal.ProtobufSealedMessages;

/**
 * A site's process in plain Java: the real rooms over mutual TLS with simulated parts, and an
 * engine that learns nothing.
 */
public final class Plant implements AutoCloseable {
  private static final int PARTS = 200;

  private final ExampleCollector examples;
  private final CamelLink link;
  private final CountedLink counted;
  private final Site site;

  /**
   * Enrols and connects.
   *
   * @param brokerPort where it reaches the broker, whatever enrolment told
   * @param owner whose tasks are approved
   */
  public Plant(Path folder, String token, int brokerPort, String owner) throws Exception {
    this(folder, token, Hub.link(brokerPort), owner);
  }

  /**
   * Enrols and connects.
   *
   * @param settings how it reaches the broker, whatever enrolment told
   * @param owner whose tasks are approved
   */
  public Plant(Path folder, String token, LinkSettings settings, String owner) throws Exception {
    examples = new ExampleCollector(folder.resolve("store"));
    examples.collect(
        new ProcessFeed(
            new MillingProcess(MillingProfile.SITE_A, 1), Map.of("0", "ok", "1", "failure")),
        PARTS);
    Identity self = SiteIdentity.enrol(folder.resolve("identity"), token);
    link = CamelLink.standalone(settings, self);
    counted = new CountedLink(link);
    site =
        new Site(
            examples.storage(),
            new YamlTaskReader(),
            new NamedArchitectures(),
            new WindowPreparation(),
            new NamedDriftDetection(),
            new StepEngine(),
            new SchemaDerivation(),
            examples.window(),
            SiteSettings.approving(Set.of(owner)),
            Clock.systemUTC(),
            System::nanoTime);
    site.start();
    site.connect(self, new ProtobufSealedMessages(self), counted);
  }

  /** A link as it is configured if nobody configures it. */
  public static LinkSettings defaults(String host, int port) {
    return new LinkSettings(
        "ssl://" + host + ":" + port,
        Duration.ofSeconds(30),
        Duration.ofDays(1),
        Duration.ofMillis(500),
        Duration.ofSeconds(30));
  }

  /** Waits until it has deployed a model. */
  public void awaitDeployed(Digest model, Duration limit) throws InterruptedException {
    Hub.await(limit, () -> deployed().equals(Optional.of(model)));
  }

  /** The model that it has deployed. */
  public Optional<Digest> deployed() {
    return site.tasks().isEmpty() ? Optional.empty() : site.tasks().get(0).deployed();
  }

  /** Why its link did not pass a message; empty if it passed all. */
  public String refusal() {
    return counted.refusal();
  }

  /** Chunks that passed its link. */
  public Traffic traffic() {
    return Traffic.of(counted);
  }

  @Override
  public void close() {
    site.close();
    link.close();
    examples.close();
  }
}
