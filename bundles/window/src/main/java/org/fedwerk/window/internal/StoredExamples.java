// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.window.internal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.fedwerk.api.Refusal;
import org.fedwerk.api.data.Coverage;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.Derivation;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.data.ExampleSource;
import org.fedwerk.api.data.Part;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.signal.LabelDescriptor;
import org.fedwerk.api.signal.SignalSource;
import org.fedwerk.api.store.PartStore;
import org.jspecify.annotations.Nullable;

/** Examples over a part store; windows are derived once for each schema and kept as floats. */
public final class StoredExamples implements ExampleSource {
  private static final int RECENT = 100;
  private static final int SCHEMAS = 4;

  private final PartStore store;
  private final PartIndex index;
  private final Derivation derivation;
  private final RoleBlocks blocks;
  private final Supplier<SiteSignals> site;
  private final Tally tally;

  /** The newest used last; a schema not used for long gives its memory back. */
  private final Map<Schema, SchemaExamples> schemas = new LinkedHashMap<>(8, 0.75f, true);

  private @Nullable SchemaExamples latest;

  /**
   * Examples over a store that something else fills.
   *
   * @param sources what the site delivers, asked anew for each comparison
   * @param roleBlock parts in a row that get one role
   */
  public StoredExamples(
      PartStore store, Derivation derivation, Supplier<List<SignalSource>> sources, int roleBlock) {
    this(
        store,
        new PartIndex(store),
        derivation,
        new RoleBlocks(roleBlock),
        () -> SiteSignals.of(sources.get()),
        new Tally());
  }

  StoredExamples(
      PartStore store,
      PartIndex index,
      Derivation derivation,
      RoleBlocks blocks,
      Supplier<SiteSignals> site,
      Tally tally) {
    this.store = store;
    this.index = index;
    this.derivation = derivation;
    this.blocks = blocks;
    this.site = site;
    this.tally = tally;
  }

  @Override
  public List<Example> examples(Schema schema) {
    return of(schema).examples();
  }

  @Override
  public int[] counts(Schema schema) {
    int[] counts = new int[DataRole.values().length];
    for (Example example : examples(schema)) {
      if (example.role() != DataRole.TRAIN || schema.label().learnsFrom(example)) {
        counts[example.role().ordinal()]++;
      }
    }
    return counts;
  }

  @Override
  public Coverage coverage(Schema schema, int newest) {
    return of(schema).coverage(newest);
  }

  @Override
  public List<Refusal> mismatches(Schema schema) {
    return site.get().mismatches(schema);
  }

  @Override
  public PartsReport report() {
    SchemaExamples schema = latest();
    long late = tally.homeless.get() + (schema == null ? 0 : schema.late());
    Set<String> names = labelNames(schema);
    long labelled = index.parts().stream().filter(part -> hasLabel(part.serial(), names)).count();
    List<Fate> recent =
        index.recent(RECENT).stream().map(part -> fate(part, schema, names)).toList();
    return new PartsReport(
        store.nextOrdinal(),
        labelled,
        tally.open,
        tally.missing.get(),
        tally.unmapped.get(),
        late,
        tally.waiting(),
        store.evicted(),
        recent);
  }

  private Fate fate(Part part, @Nullable SchemaExamples schema, Set<String> names) {
    if (schema == null) {
      return hasLabel(part.serial(), names)
          ? new Fate(part.serial(), "no window", "no task has asked for windows yet")
          : new Fate(part.serial(), "waiting for label", "no label yet");
    }
    Optional<Fate> fate = schema.fate(part);
    return fate.orElse(
        new Fate(
            part.serial(), "no window", "a newer part has the same serial, or it was removed"));
  }

  private Set<String> labelNames(@Nullable SchemaExamples schema) {
    Set<String> names = new TreeSet<>(tally.labelNames);
    site.get().labels().stream().map(LabelDescriptor::name).forEach(names::add);
    if (schema != null) {
      names.add(schema.schema().label().name());
    }
    return names;
  }

  private boolean hasLabel(String serial, Set<String> names) {
    return names.stream().anyMatch(name -> store.newest(serial, name).isPresent());
  }

  /** Examples and late labels of the schema read last; empty before the first. */
  Optional<SchemaExamples.Known> known() {
    return Optional.ofNullable(latest()).map(SchemaExamples::known);
  }

  private @Nullable SchemaExamples latest() {
    synchronized (schemas) {
      return latest;
    }
  }

  private SchemaExamples of(Schema schema) {
    synchronized (schemas) {
      SchemaExamples examples =
          schemas.computeIfAbsent(
              schema, s -> new SchemaExamples(s, store, index, derivation, blocks));
      if (schemas.size() > SCHEMAS) {
        schemas.remove(schemas.keySet().iterator().next());
      }
      latest = examples;
      return examples;
    }
  }
}
