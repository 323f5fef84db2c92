// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.codec.Codecs;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.data.ExampleSource;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.learn.Architectures;
import org.fedwerk.api.learn.Engine;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.learn.Layout;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.learn.Normalisation;
import org.fedwerk.api.learn.Preparation;
import org.fedwerk.api.link.Link;
import org.fedwerk.api.site.Assessment;
import org.fedwerk.api.task.CompressionSpec;
import org.fedwerk.api.task.Task;
import org.fedwerk.api.task.TaskReader;
import org.fedwerk.site.internal.KnownTask.Approval;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the data, the model that is here, the engine and the link, on the caller's thread. */
@Component(service = Assessment.class, immediate = true)
public final class SiteAssessment implements Assessment {
  private static final Logger log = LoggerFactory.getLogger(SiteAssessment.class);

  /** What is measured and tried need not be more, the newest of each role. */
  private static final int MOST_EXAMPLES = 2000;

  /** Elements per range unless a coordinator sets fewer. */
  private static final int RANGE_ELEMENTS = 24_000;

  private final Site site;
  private final TaskReader reader;
  private final Architectures architectures;
  private final Codecs codecs;
  private final Preparation preparation;
  private final ExampleSource examples;
  private final TrainingProbe training;
  private final PredictionTimer prediction;
  private final ModelTrial trial;
  private final ReentrantLock one = new ReentrantLock();

  /** It comes and goes with the site's identity. */
  private volatile @Nullable Link link;

  /** Wired by Declarative Services. */
  @Activate
  public SiteAssessment(
      @Reference Site site,
      @Reference TaskReader reader,
      @Reference Architectures architectures,
      @Reference Codecs codecs,
      @Reference Preparation preparation,
      @Reference Engine engine,
      @Reference ExampleSource examples) {
    this(site, reader, architectures, codecs, preparation, engine, examples, System::nanoTime);
  }

  /**
   * Over its ports.
   *
   * @param nanoTime monotonic clock
   */
  SiteAssessment(
      Site site,
      TaskReader reader,
      Architectures architectures,
      Codecs codecs,
      Preparation preparation,
      Engine engine,
      ExampleSource examples,
      LongSupplier nanoTime) {
    this.site = site;
    this.reader = reader;
    this.architectures = architectures;
    this.codecs = codecs;
    this.preparation = preparation;
    this.examples = examples;
    this.training = new TrainingProbe(engine, architectures, nanoTime);
    this.prediction = new PredictionTimer(engine, nanoTime);
    this.trial = new ModelTrial(engine, preparation);
  }

  /** The link from now on. */
  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      unbind = "without")
  public void with(Link now) {
    link = now;
  }

  /** That link is gone. */
  public void without(Link gone) {
    if (link == gone) {
      link = null;
    }
  }

  @Override
  public Report assess(String task) throws RefusedException, InterruptedException {
    return assess(site.state().tasks().named(task));
  }

  @Override
  public Report assessDocument(String yaml) throws RefusedException, InterruptedException {
    return assess(new KnownTask(reader.read(yaml), Approval.WAITING, "", false));
  }

  private Report assess(KnownTask known) throws RefusedException, InterruptedException {
    Network network = architectures.network(known.task().model(), known.task().schema());
    one.lockInterruptibly();
    try {
      return assess(known, network);
    } finally {
      one.unlock();
    }
  }

  private Report assess(KnownTask known, Network network) throws InterruptedException {
    Task task = known.task();
    DataFindings data = new DataFindings(task, examples);
    List<Example> train = data.ofRole(DataRole.TRAIN);
    List<Example> validation = data.ofRole(DataRole.VALIDATION);
    ModelTrial.Outcome tried =
        trial.of(site.state().deployments().of(known.digest()), newest(train), newest(validation));
    ComputeFindings compute =
        new ComputeFindings(
            task, train.size(), speed(known, network, newest(train)), millis(task, network));
    Layout layout = PersonalModels.exchange(known, network).layout();
    List<Finding> rows = new ArrayList<>(data.rows());
    Optional<FederationDistance> distance = distance(known, train);
    rows.addAll(
        DistanceFindings.rows(
            task, distance, tried.worth(), tried.unknown(), site.drift(known.digest())));
    rows.addAll(compute.rows());
    rows.addAll(
        LinkFindings.rows(
            link, down(task.compression(), layout.size()), up(task.compression(), layout)));
    AdviceRules.Advised advised =
        AdviceRules.of(
            new Grounds(
                data.differences(),
                data.coverage().parts(),
                data.coverage().windows(),
                data.mostOften(),
                train.size(),
                task.rounds().examplesLeast(),
                validation.size(),
                Math.max(1, task.leastCount()),
                data.isAlike(),
                compute.blocked(),
                site.state().gate().against(task),
                distance.flatMap(FederationDistance::reason),
                tried.worth()));
    return new Report(task.name(), known.digest(), rows, advised.advice(), advised.reasons());
  }

  /** To the statistics that belong to the model that is here; empty if it has none. */
  private Optional<FederationDistance> distance(KnownTask known, List<Example> train) {
    Schema schema = known.task().schema();
    return site.state()
        .deployments()
        .of(known.digest())
        .map(deployed -> deployed.model().statistics())
        .filter(there -> !there.isEmpty())
        .map(there -> FederationDistance.of(schema, preparation.moments(schema, train, 1), there));
  }

  private static List<Example> newest(List<Example> all) {
    return all.subList(Math.max(0, all.size() - MOST_EXAMPLES), all.size());
  }

  private TrainingProbe.Speed speed(KnownTask known, Network network, List<Example> train)
      throws InterruptedException {
    if (train.isEmpty()) {
      return new TrainingProbe.Speed(Double.NaN, Double.NaN, "");
    }
    Schema schema = known.task().schema();
    Normalisation normalisation =
        site.state()
            .deployments()
            .normalisation(known)
            .orElseGet(() -> preparation.fit(schema, train));
    LabelledInputs inputs = preparation.inputs(schema, normalisation, train);
    return training.measure(known.task(), network, inputs);
  }

  private double millis(Task task, Network network) {
    try {
      return prediction.millis(network, task.schema().inputSize());
    } catch (RuntimeException broken) {
      log.error("Task {}: a prediction could not be measured", task.name(), broken);
      return Double.NaN;
    }
  }

  private long up(CompressionSpec compression, Layout layout) {
    return codecs.payload(codecs.updates(compression, layout, RANGE_ELEMENTS));
  }

  private long down(CompressionSpec compression, int elements) {
    return codecs.payload(codecs.models(compression, elements, RANGE_ELEMENTS));
  }
}
