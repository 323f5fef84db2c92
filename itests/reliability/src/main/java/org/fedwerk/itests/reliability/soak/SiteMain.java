// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability.soak;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.fedwerk.api.identity.Identity;
import org.fedwerk.api.learn.Engine;
import org.fedwerk.identity.internal.SiteIdentity;
import org.fedwerk.itests.reliability.scale.Headquarters;
import org.fedwerk.itests.reliability.transfer.StepEngine;
import org.fedwerk.itests.reliability.transfer.TransferTask;
import org.fedwerk.learn.djl.internal.DjlEngine;
import org.fedwerk.learn.djl.internal.EngineSettings;
import org.fedwerk.learn.internal.NamedArchitectures;
import org.fedwerk.learn.internal.NamedDriftDetection;
import org.fedwerk.learn.internal.WindowPreparation;
import org.fedwerk.link.internal.CamelLink;
import org.fedwerk.plant.process.MillingProcess;
import org.fedwerk.plant.process.MillingProfile;
import org.fedwerk.plant.process.ProcessPart;
import org.fedwerk.sim.internal.ExampleCollector;
import org.fedwerk.sim.internal.ProcessFeed;
import org.fedwerk.site.internal.Site;
import org.fedwerk.site.internal.SiteSettings;
import org.fedwerk.task.internal.YamlTaskReader;
import org.fedwerk.window.internal.SchemaDerivation;
import org.fedwerk.wire.internal.ProtobufSealedMessages;

/**
 * A site's process: the real rooms, and a plant that makes part after part, each of which is
 * stored, predicted and labelled while the rounds go on.
 */
final class SiteMain {
  private static final Map<String, String> CODES = Map.of("0", "ok", "1", "failure");
  private static final int FIRST_PARTS = 200;

  private SiteMain() {}

  /**
   * Runs until its input ends.
   *
   * @param args folder, id, token, port of the broker, {@code djl} or {@code step}, milliseconds
   *     before each training, milliseconds between parts
   */
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    Engine engine =
        args[4].equals("djl") ? new DjlEngine(EngineSettings.defaults()) : new StepEngine();
    MillingProcess process = new MillingProcess(MillingProfile.named(args[1]).orElseThrow(), 1);
    ProcessFeed feed = new ProcessFeed(process, CODES);
    Identity self = SiteIdentity.enrol(folder.resolve("identity"), args[2]);
    ScheduledExecutorService plant = Executors.newSingleThreadScheduledExecutor();
    try (ExampleCollector store = new ExampleCollector(folder.resolve("store"));
        CamelLink link = CamelLink.standalone(Headquarters.link(Integer.parseInt(args[3])), self);
        Site site =
            new Site(
                store.storage(),
                new YamlTaskReader(),
                new NamedArchitectures(),
                new WindowPreparation(),
                new NamedDriftDetection(),
                new PacedEngine(engine, Long.parseLong(args[5])),
                new SchemaDerivation(),
                store.window(),
                SiteSettings.approving(Set.of(TransferTask.OWNER)),
                Clock.systemUTC(),
                System::nanoTime)) {
      store.window().attach(feed);
      var heard = store.window().listen(site);
      site.start();
      site.connect(self, new ProtobufSealedMessages(self), link);
      Iterator<ProcessPart> parts = process.iterator();
      for (int part = 0; part < FIRST_PARTS; part++) {
        feed.hand(parts.next(), store.window(), store.window());
      }
      long pause = Long.parseLong(args[6]);
      var unused =
          plant.scheduleWithFixedDelay(
              () -> feed.hand(parts.next(), store.window(), store.window()),
              pause,
              pause,
              TimeUnit.MILLISECONDS);
      System.out.println("started ");
      while (System.in.read() >= 0) {
        System.out.println("predicted " + site.predictions());
      }
      plant.shutdownNow();
      heard.close();
    }
    System.exit(0);
  }
}
