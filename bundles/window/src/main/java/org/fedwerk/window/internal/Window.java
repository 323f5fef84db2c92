// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.window.internal;

import java.util.List;
import java.util.Optional;
import org.fedwerk.api.Refusal;
import org.fedwerk.api.Registration;
import org.fedwerk.api.data.Coverage;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.data.ExampleSource;
import org.fedwerk.api.data.Part;
import org.fedwerk.api.data.PartData;
import org.fedwerk.api.data.PartListener;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.metric.Measurement;
import org.fedwerk.api.metric.MetricSource;
import org.fedwerk.api.signal.LabelReport;
import org.fedwerk.api.signal.LabelSink;
import org.fedwerk.api.signal.Sample;
import org.fedwerk.api.signal.SampleSink;
import org.fedwerk.api.signal.SignalSource;
import org.fedwerk.api.status.StatusLine;
import org.fedwerk.api.status.StatusSource;
import org.fedwerk.api.store.PartStore;
import org.osgi.service.component.ComponentServiceObjects;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The room as one: samples and labels come in, parts and examples come out. Any thread may call;
 * listeners hear on the thread {@code fedwerk-window}.
 */
@Component(
    service = {
      SampleSink.class,
      LabelSink.class,
      ExampleSource.class,
      StatusSource.class,
      MetricSource.class
    },
    configurationPid = "org.fedwerk.window",
    immediate = true)
@Designate(ocd = WindowConfig.class)
public final class Window
    implements SampleSink, LabelSink, ExampleSource, StatusSource, MetricSource, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Window.class);

  private final Whiteboard<SignalSource> sources = new Whiteboard<>();
  private final Whiteboard<PartListener> listeners = new Whiteboard<>();
  private final PartStore store;
  private final PartIndex index;
  private final RoleBlocks blocks;
  private final Tally tally = new Tally();
  private final Intake intake;
  private final StoredExamples examples;

  @Activate
  public Window(@Reference PartStore store, WindowConfig config) {
    this(store, WindowSettings.of(config));
  }

  /** Over a store; {@link #start()} begins to assemble parts. */
  public Window(PartStore store, WindowSettings settings) {
    this.store = store;
    index = new PartIndex(store);
    blocks = new RoleBlocks(settings.roleBlock());
    intake = new Intake(store, settings, this::site, this::tell, index, tally, System::nanoTime);
    examples = new StoredExamples(store, index, new SchemaDerivation(), blocks, this::site, tally);
  }

  /** Starts the thread {@code fedwerk-window}. */
  @Activate
  public void start() {
    intake.start();
  }

  /** Stops; what was accepted is in the store. */
  @Override
  @Deactivate
  public void close() {
    intake.close();
  }

  /** Lets a source describe its signals, outside OSGi. */
  public Registration attach(SignalSource source) {
    sources.add(source);
    return () -> sources.remove(source);
  }

  /** Lets a listener hear of closed parts, outside OSGi. */
  public Registration listen(PartListener listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  @Reference(
      service = SignalSource.class,
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC)
  void addSource(ComponentServiceObjects<SignalSource> source) {
    sources.add(source);
  }

  void removeSource(ComponentServiceObjects<SignalSource> source) {
    sources.remove(source);
  }

  @Reference(
      service = PartListener.class,
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC)
  void addListener(ComponentServiceObjects<PartListener> listener) {
    listeners.add(listener);
  }

  void removeListener(ComponentServiceObjects<PartListener> listener) {
    listeners.remove(listener);
  }

  @Override
  public void accept(String source, List<Sample> samples) {
    intake.queue().accept(source, samples);
  }

  @Override
  public void interrupted(String source) {
    intake.queue().interrupted(source);
  }

  @Override
  public void accept(LabelReport label) {
    if (store.label(label).isEmpty()) {
      tally.homeless.incrementAndGet();
      LOG.debug("A label of {} came for a part that was deleted; it is not kept", label.source());
      return;
    }
    tally.labelNames.add(label.label());
    Optional<Part> part = index.newest(label.serial());
    if (label.role() != null) {
      store.decide(label.serial(), label.role());
    } else if (part.isPresent()) {
      store.decide(label.serial(), blocks.roleOf(part.get().ordinal()));
    }
    if (part.isPresent()) {
      tally.joined.incrementAndGet();
    } else {
      if (index.wasEvicted(label.serial())) {
        tally.homeless.incrementAndGet();
      } else {
        tally.waits(label.serial());
        index.newest(label.serial()).ifPresent(this::joined); // it closed meanwhile
      }
    }
  }

  @Override
  public void unmapped(String source, String label, String serial) {
    tally.unmapped.incrementAndGet();
    LOG.debug("Source {} sent a code for {} that its table does not know", source, label);
  }

  @Override
  public List<Example> examples(Schema schema) {
    return examples.examples(schema);
  }

  @Override
  public int[] counts(Schema schema) {
    return examples.counts(schema);
  }

  @Override
  public Coverage coverage(Schema schema, int newest) {
    return examples.coverage(schema, newest);
  }

  @Override
  public List<Refusal> mismatches(Schema schema) {
    return examples.mismatches(schema);
  }

  @Override
  public PartsReport report() {
    return examples.report();
  }

  @Override
  public List<StatusLine> status() {
    StatusLine line = intake.status();
    return List.of(new StatusLine(line.subject(), line.state(), line.detail() + tally.labels()));
  }

  @Override
  public List<Measurement> measurements() {
    return new IntakeMeasurements(store, tally, intake.queue(), examples).of(sources.services());
  }

  private SiteSignals site() {
    return SiteSignals.of(sources.services());
  }

  /** A label that waited has met its part: from now on the role stands. */
  private void joined(Part part) {
    if (tally.came(part.serial())) {
      tally.joined.incrementAndGet();
      store.decide(part.serial(), blocks.roleOf(part.ordinal()));
    }
  }

  private void tell(PartData part) {
    joined(part.part());
    for (PartListener listener : listeners.services()) {
      try {
        listener.closed(part);
      } catch (RuntimeException e) {
        // foreign code: its failure must not keep the others from hearing
        LOG.error(
            "{} failed on part {}; the part is stored and its other listeners are told",
            listener.getClass().getName(),
            part.part().serial(),
            e);
      }
    }
  }
}
