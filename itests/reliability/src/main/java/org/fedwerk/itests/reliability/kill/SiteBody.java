// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability.kill;

import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.identity.Identity;
import org.fedwerk.api.learn.Engine;
import org.fedwerk.api.link.Link;
import org.fedwerk.api.predict.LearningState;
import org.fedwerk.api.site.SiteAgent.TaskView;
import org.fedwerk.learn.internal.NamedArchitectures;
import org.fedwerk.learn.internal.NamedDriftDetection;
import org.fedwerk.learn.internal.WindowPreparation;
import org.fedwerk.link.internal.CamelLink;
import org.fedwerk.sim.fault.Bench;
import org.fedwerk.sim.fault.WatchedLink;
import org.fedwerk.sim.fault.WatchedStorage;
import org.fedwerk.site.internal.Site;
import org.fedwerk.site.internal.SiteSettings;
import org.fedwerk.store.internal.DiskStorage;
import org.fedwerk.store.internal.StoreSettings;
import org.fedwerk.task.internal.YamlTaskReader;
import org.fedwerk.wire.internal.ProtobufSealedMessages;

/** A site. Once it has deployed a final model it predicts two parts, if the scenario says so. */
final class SiteBody implements Body {
  private static final long PARTS = 2;

  private final String id;
  private final DiskStorage storage;
  private final CamelLink link;
  private final Site site;
  private final boolean predicts;
  private final AtomicLong parts = new AtomicLong();

  SiteBody(
      Given given, String id, java.util.function.Function<Link, Engine> engine, boolean predicts)
      throws IOException, RefusedException {
    this.id = id;
    this.predicts = predicts;
    Identity self = given.ground().site(id);
    storage = new DiskStorage(StoreSettings.in(given.ground().state(id)));
    storage.start();
    link = given.link(self);
    Link watched = new WatchedLink(given.tap().over(link), given.watch(), given.life());
    site =
        new Site(
            new WatchedStorage(storage, given.watch(), given.life()),
            new YamlTaskReader(),
            new NamedArchitectures(),
            new WindowPreparation(),
            new NamedDriftDetection(),
            engine.apply(link),
            Bench.derivation(),
            Bench.examples(id),
            SiteSettings.approving(Set.of(Bench.OWNER)),
            Clock.systemUTC(),
            System::nanoTime);
    site.start();
    site.connect(self, new ProtobufSealedMessages(self), watched);
  }

  @Override
  public List<String> facts() {
    List<String> facts = new ArrayList<>();
    boolean promoted = false;
    for (TaskView view : site.tasks()) {
      facts.add(
          "site "
              + id
              + " "
              + view.digest().hex()
              + " "
              + view.deployed().map(Digest::hex).orElse("-"));
      promoted |= view.learning() == LearningState.PROMOTED;
    }
    if (predicts && promoted && parts.get() < PARTS && site.predictions() == parts.get()) {
      site.closed(Bench.part(parts.getAndIncrement()));
    }
    facts.add("predicted " + id + " " + site.predictions());
    return facts;
  }

  @Override
  public void close() {
    site.close();
    link.close();
    storage.close();
  }
}
