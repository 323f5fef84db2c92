// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.window.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.fedwerk.api.data.Coverage;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.Derivation;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.data.ExampleSource.Fate;
import org.fedwerk.api.data.Label;
import org.fedwerk.api.data.LabelSpec;
import org.fedwerk.api.data.Part;
import org.fedwerk.api.data.PartData;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.data.Target;
import org.fedwerk.api.data.Tensor;
import org.fedwerk.api.data.WindowFeatures;
import org.fedwerk.api.store.PartStore;
import org.jspecify.annotations.Nullable;

/** The examples of one schema, kept up to date with parts and labels. Guarded by its own lock. */
final class SchemaExamples {
  /** A part under this schema; a window is derived once, when it is needed. */
  private static final class Row {
    final Part part;
    boolean derived;
    @Nullable Tensor window;
    int missing;
    String windowReason = "";
    String labelReason = "";
    int newestRevision;
    boolean late;
    @Nullable Example example;

    Row(Part part) {
      this.part = part;
    }
  }

  private final Schema schema;

  /** The same without features. */
  private final Schema plain;

  private final PartStore store;
  private final PartIndex index;
  private final Derivation derivation;
  private final RoleBlocks blocks;
  private final Map<Long, Row> rows = new TreeMap<>();
  private List<Example> examples = List.of();
  private volatile Known known = new Known(0, 0);

  /** What the last reading came to; read without waiting for one that is under way. */
  record Known(int examples, long late) {}

  SchemaExamples(
      Schema schema, PartStore store, PartIndex index, Derivation derivation, RoleBlocks blocks) {
    this.schema = schema;
    this.plain =
        schema.features().equals(WindowFeatures.NONE)
            ? schema
            : new Schema(
                schema.name(), schema.version(), schema.signals(), schema.window(), schema.label());
    this.store = store;
    this.index = index;
    this.derivation = derivation;
    this.blocks = blocks;
  }

  Schema schema() {
    return schema;
  }

  /** The examples as of now, in the order of the parts. */
  synchronized List<Example> examples() {
    if (update()) {
      List<Example> fresh = new ArrayList<>();
      for (Row row : rows.values()) {
        Example example = row.example;
        if (example != null) {
          fresh.add(example);
        }
      }
      examples = List.copyOf(fresh);
      known = new Known(fresh.size(), rows.values().stream().filter(row -> row.late).count());
    }
    return examples;
  }

  Known known() {
    return known;
  }

  /** Labels that came too late for this schema. */
  synchronized long late() {
    examples();
    return rows.values().stream().filter(row -> row.late).count();
  }

  /** What became of a part; empty if it is no longer kept. */
  synchronized Optional<Fate> fate(Part part) {
    examples();
    Row row = rows.get(part.ordinal());
    if (row == null) {
      return Optional.empty();
    }
    derive(row);
    String serial = part.serial();
    if (row.window == null) {
      return Optional.of(new Fate(serial, "no window", row.windowReason));
    }
    if (row.example != null) {
      boolean left =
          row.example.role() == DataRole.TRAIN && !schema.label().learnsFrom(row.example);
      return Optional.of(
          new Fate(
              serial,
              "window",
              left ? "labelled as a defect, not learned from" : row.windowReason));
    }
    return Optional.of(
        row.labelReason.isEmpty()
            ? new Fate(serial, "waiting for label", "no label " + schema.label().name() + " yet")
            : new Fate(serial, "no window", row.labelReason));
  }

  /** What came of the newest parts; windows that nobody asked for before are not kept. */
  synchronized Coverage coverage(int newest) {
    examples();
    CoverageCount count = new CoverageCount(schema);
    rows.values().stream().skip(Math.max(0, rows.size() - newest)).forEach(row -> add(count, row));
    return count.coverage();
  }

  private void add(CoverageCount count, Row row) {
    boolean derivedBefore = row.derived;
    derive(row);
    if (!row.derived) {
      return; // it was removed meanwhile
    }
    Tensor window = row.window;
    if (window == null) {
      count.noWindow(row.missing, row.windowReason);
    } else {
      add(count, row, sampled(row, window));
    }
    if (!derivedBefore && row.example == null) {
      row.derived = false;
      row.window = null;
    }
  }

  private static void add(CoverageCount count, Row row, Tensor sampled) {
    if (row.example != null) {
      count.example(sampled);
    } else if (row.labelReason.isEmpty()) {
      count.unlabelled(sampled);
    } else if (row.late) {
      count.late(sampled);
    } else {
      count.unread(sampled, row.labelReason);
    }
  }

  /** A part's window before features are made of it: only there it shows what is missing. */
  private Tensor sampled(Row row, Tensor window) {
    return schema.features().equals(WindowFeatures.NONE)
        ? window
        : store
            .part(row.part.ordinal())
            .flatMap(data -> derivation.derive(plain, data).window())
            .orElse(window);
  }

  /** True if the list of examples changed. */
  private boolean update() {
    Set<Long> kept = new HashSet<>();
    for (Part part : index.parts()) {
      kept.add(part.ordinal());
      rows.computeIfAbsent(part.ordinal(), ordinal -> new Row(part));
    }
    boolean changed = rows.keySet().retainAll(kept);
    for (Row row : rows.values()) {
      changed |= join(row);
    }
    return changed;
  }

  /** Joins the newest label of a part; true if its example changed. */
  private boolean join(Row row) {
    LabelSpec spec = schema.label();
    Optional<Label> newest = store.newest(row.part.serial(), spec.name());
    if (newest.isEmpty() || newest.get().revision() == row.newestRevision) {
      return spec.isAnomaly() && newest.isEmpty() && unlabelled(row);
    }
    row.newestRevision = newest.get().revision();
    DataRole role = store.decide(row.part.serial(), blocks.roleOf(row.part.ordinal()));
    Instant latest = latest(row.part.end(), spec.lateness());
    Label label = null;
    row.late = newest.get().time().isAfter(latest);
    for (Label revision : store.revisions(row.part.serial(), spec.name())) {
      label = revision.time().isAfter(latest) ? label : revision;
    }
    boolean before = row.example != null;
    row.labelReason = "";
    if (label == null) {
      row.example = late(row, newest.get());
      return unlabelled(row) || before;
    }
    row.example = example(row, label, role);
    return before || row.example != null;
  }

  /** In anomaly detection a part is an example without a label; true if it was none before. */
  private boolean unlabelled(Row row) {
    if (!schema.label().isAnomaly() || row.example != null) {
      return false;
    }
    derive(row);
    Tensor window = row.window;
    if (window == null) {
      return false;
    }
    DataRole role = store.decide(row.part.serial(), blocks.roleOf(row.part.ordinal()));
    row.example = Example.unlabelled(row.part.serial(), window, role);
    return true;
  }

  private @Nullable Example late(Row row, Label label) {
    row.labelReason =
        "label came "
            + Duration.between(row.part.end(), label.time()).toSeconds()
            + " s after the part's end, allowed are "
            + schema.label().lateness().toSeconds()
            + " s";
    return null;
  }

  private @Nullable Example example(Row row, Label label, DataRole role) {
    derive(row);
    Tensor window = row.window;
    if (window == null) {
      return null;
    }
    Optional<double[]> target = schema.label().read(label.value());
    if (target.isEmpty()) {
      row.labelReason =
          schema.label().target().kind() == Target.Kind.VALUE
              ? "label " + label.value() + " is not a number"
              : "label class " + label.value() + " is not in the schema";
      return null;
    }
    return Example.of(
        schema.label(), row.part.serial(), window, target.get(), label.revision(), role);
  }

  private void derive(Row row) {
    if (row.derived) {
      return;
    }
    Optional<PartData> data = store.part(row.part.ordinal());
    if (data.isPresent()) {
      Derivation.Result result = derivation.derive(schema, data.get());
      row.window = result.window().orElse(null);
      row.missing = result.missing();
      row.windowReason = result.reason();
      row.derived = true;
    }
  }

  private static Instant latest(Instant end, Duration lateness) {
    return Duration.between(end, Instant.MAX).compareTo(lateness) < 0
        ? Instant.MAX
        : end.plus(lateness);
  }
}
