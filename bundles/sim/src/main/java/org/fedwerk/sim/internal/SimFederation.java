// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.internal;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.coordinator.Coordination;
import org.fedwerk.api.coordinator.Coordination.RoundRecord;
import org.fedwerk.api.coordinator.Coordination.TaskRun;
import org.fedwerk.api.data.ExampleSource;
import org.fedwerk.api.data.PartData;
import org.fedwerk.api.identity.Identity;
import org.fedwerk.api.learn.Engine;
import org.fedwerk.api.message.Party;
import org.fedwerk.api.predict.Prediction;
import org.fedwerk.api.site.SiteAgent.TaskView;
import org.fedwerk.api.store.Storage;
import org.fedwerk.codec.internal.RangeCodecs;
import org.fedwerk.coordinator.internal.Coordinator;
import org.fedwerk.coordinator.internal.Ports;
import org.fedwerk.coordinator.internal.Settings;
import org.fedwerk.learn.internal.NamedArchitectures;
import org.fedwerk.learn.internal.NamedDriftDetection;
import org.fedwerk.learn.internal.WindowPreparation;
import org.fedwerk.sim.fault.MemoryStorage;
import org.fedwerk.sim.fault.Rules;
import org.fedwerk.sim.fault.SharedSecrets;
import org.fedwerk.site.internal.Site;
import org.fedwerk.site.internal.SiteSettings;
import org.fedwerk.task.internal.YamlTaskReader;
import org.fedwerk.window.internal.SchemaDerivation;
import org.fedwerk.wire.internal.ProtobufSealedMessages;

/**
 * A whole federation in one process and with no network: the real coordinator and the real sites,
 * with messages over {@link InMemoryLinks}, sealed by keyed hashes of a signature's length, and
 * with the coordinator's state in memory.
 */
public final class SimFederation implements AutoCloseable {
  private static final String FEDERATION = "sim";

  private final InMemoryLinks links = new InMemoryLinks();
  private final SharedSecrets keys = new SharedSecrets(FEDERATION, SharedSecrets.LIKE_ECDSA);
  private final Coordinator coordinator;
  private final Engine engine;
  private final Map<String, Site> sites = new LinkedHashMap<>();
  private final List<Long> payload = new ArrayList<>();

  /**
   * Starts the coordinator.
   *
   * @param engine trains for all sites, in turn
   */
  public SimFederation(Engine engine) {
    this.engine = engine;
    Identity self = keys.identity(new Party(Party.Role.COORDINATOR, "hq"));
    coordinator =
        new Coordinator(
            new Ports(
                links.coordinator(),
                new ProtobufSealedMessages(self),
                self,
                new MemoryStorage(),
                new NamedArchitectures(),
                new RangeCodecs(),
                Rules.AGGREGATORS,
                Rules.OPTIMIZERS,
                new YamlTaskReader(),
                System::nanoTime,
                Clock.systemUTC()),
            Settings.defaults());
    coordinator.start();
  }

  /** Adds a site that approves every task of an owner. */
  public void add(String id, ExampleCollector examples, String approvedOwner) {
    add(id, examples.storage(), examples.window(), approvedOwner);
  }

  /** Adds a site with examples of any source that approves every task of an owner. */
  public void add(String id, Storage state, ExampleSource examples, String approvedOwner) {
    add(id, state, examples, approvedOwner, engine);
  }

  /** The same with an engine of its own. */
  public void add(
      String id, Storage state, ExampleSource examples, String approvedOwner, Engine own) {
    Site site =
        new Site(
            state,
            new YamlTaskReader(),
            new NamedArchitectures(),
            new RangeCodecs(),
            new WindowPreparation(),
            new NamedDriftDetection(),
            own,
            new SchemaDerivation(),
            examples,
            // All data are in one process, so there is nobody to disclose anything to.
            SiteSettings.approving(Set.of(approvedOwner)).allowingContribution().withStatistics(),
            Clock.systemUTC(),
            System::nanoTime);
    site.start();
    Identity self = keys.identity(new Party(Party.Role.SITE, id));
    site.connect(self, new ProtobufSealedMessages(self), links.site(id));
    sites.put(id, site);
  }

  /**
   * Submits a task and waits for its end.
   *
   * @return its committed rounds, the last one with the test evaluation
   * @throws RefusedException if the task is refused
   * @throws IllegalStateException if it fails or does not end in time
   */
  public List<RoundRecord> run(String yaml, Duration limit)
      throws RefusedException, InterruptedException {
    Digest task = coordinator.submit(yaml);
    long end = System.nanoTime() + limit.toNanos();
    while (true) {
      TaskRun run =
          coordinator.tasks().stream()
              .filter(each -> each.digest().equals(task))
              .findFirst()
              .orElseThrow();
      // A round's number counts up when the one before is committed, and begins with 1.
      while (payload.size() < run.round() - 1) {
        payload.add(links.bytes());
      }
      if (run.state().equals("finished")) {
        return coordinator.rounds(task.hex());
      }
      if (run.state().equals("failed") || System.nanoTime() > end) {
        throw new IllegalStateException("the task did not finish: " + run + "; sites: " + sites());
      }
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  /**
   * Payload bytes that the links carried in both directions from the beginning until each committed
   * round but the last was seen to be over, which may be some milliseconds late.
   */
  public List<Long> payload() {
    return List.copyOf(payload);
  }

  /** What a task would ask of sites, or why it is refused. */
  public Coordination.DryRun dryRun(String yaml) throws RefusedException {
    return coordinator.dryRun(yaml);
  }

  /** A part ends at a site, which predicts it. */
  public void closed(String site, PartData part) {
    site(site).closed(part);
  }

  /** The newest prediction of a task at a site. */
  public Optional<Prediction> newest(String site, String task) {
    return site(site).newest(task);
  }

  private Site site(String id) {
    Site site = sites.get(id);
    if (site == null) {
      throw new IllegalArgumentException(
          "there is no site " + id + ", there are " + sites.keySet());
    }
    return site;
  }

  /** What each site says of its tasks. */
  public Map<String, List<TaskView>> sites() {
    Map<String, List<TaskView>> views = new LinkedHashMap<>();
    sites.forEach((id, site) -> views.put(id, site.tasks()));
    return views;
  }

  @Override
  public void close() {
    sites.values().forEach(Site::close);
    coordinator.close();
    links.close();
  }
}
