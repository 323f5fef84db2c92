// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.window.internal;

import static org.fedwerk.window.internal.Given.label;
import static org.fedwerk.window.internal.Given.part;
import static org.fedwerk.window.internal.Given.schema;
import static org.fedwerk.window.internal.Given.series;
import static org.fedwerk.window.internal.Given.signal;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.fedwerk.api.Refusal;
import org.fedwerk.api.data.Coverage;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.data.ExampleSource.Fate;
import org.fedwerk.api.data.LabelSpec;
import org.fedwerk.api.data.PartData;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.data.Target;
import org.fedwerk.api.data.WindowFeatures;
import org.fedwerk.api.data.WindowStatistic;
import org.fedwerk.api.signal.LabelDescriptor;
import org.fedwerk.api.signal.LabelReport;
import org.fedwerk.api.signal.SignalSource;
import org.fedwerk.api.store.PartStore;
import org.fedwerk.store.internal.DiskPartStore;
import org.fedwerk.store.internal.DiskStorage;
import org.fedwerk.store.internal.StoreSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredExamplesTest {
  private static final Schema SCHEMA = schema(2, "torque");
  @TempDir Path folder;
  private DiskStorage storage;
  private PartStore store;
  private StoredExamples examples;
  private final List<SignalSource> sources = new ArrayList<>();

  @BeforeEach
  void open() {
    StoreSettings standard = StoreSettings.in(folder);
    storage =
        new DiskStorage(
            new StoreSettings(folder, 4096, 8192, Duration.ZERO, standard.forceInterval()));
    store = new DiskPartStore(storage);
    examples = new StoredExamples(store, new SchemaDerivation(), () -> sources, 2);
  }

  @AfterEach
  void close() {
    storage.close();
  }

  private void add(String serial, double begin, double value) {
    store.add(
        new PartData(
            part(serial, store.nextOrdinal(), begin, begin + 2),
            Map.of("torque", series(begin, value, begin + 1, value + 1)),
            false));
  }

  private List<String> serials() {
    return examples.examples(SCHEMA).stream().map(Example::serial).toList();
  }

  private Fate newestFate() {
    return examples.report().recent().get(0);
  }

  @Test
  void aDeletedPartIsNoExampleAnyMoreAndTheOthersKeepPlaceAndRole() {
    for (int i = 0; i < 5; i++) {
      add("P" + i, 2 * i, 10 * i);
      store.label(label("P" + i, "good", 2 * i + 1));
    }
    List<Example> before = new ArrayList<>(examples.examples(SCHEMA));
    store.delete(java.util.Set.of("P1", "P4"));
    before.removeIf(each -> List.of("P1", "P4").contains(each.serial()));
    assertEquals(before, examples.examples(SCHEMA));
    assertEquals("P3", examples.report().recent().get(0).serial());
    add("P5", 10, 50);
    store.label(label("P5", "good", 11));
    assertEquals(List.of("P0", "P2", "P3", "P5"), serials());
  }

  @Test
  void aLabelMayComeBeforeOrAfterItsPart() {
    store.label(label("A", "good", 1));
    assertEquals(List.of(), serials());
    add("A", 0, 10);
    add("B", 2, 20);
    assertEquals(List.of("A"), serials());
    store.label(label("B", "scrap", 5));
    assertEquals(List.of("A", "B"), serials());
    Example second = examples.examples(SCHEMA).get(1);
    assertEquals(1, second.classIndex());
    assertArrayEquals(new float[] {20, 21}, second.window().values());
  }

  @Test
  void nothingNewGivesTheSameListAgain() {
    add("A", 0, 10);
    store.label(label("A", "good", 1));
    assertSame(examples.examples(SCHEMA), examples.examples(SCHEMA));
  }

  @Test
  void aNewerRevisionReplacesTheExampleAndKeepsItsRole() {
    add("A", 0, 10);
    store.label(label("A", "good", 1));
    Example first = examples.examples(SCHEMA).get(0);
    store.label(label("A", "scrap", 2));
    Example second = examples.examples(SCHEMA).get(0);
    assertEquals(List.of(1, 0), List.of(first.labelRevision(), first.classIndex()));
    assertEquals(List.of(2, 1), List.of(second.labelRevision(), second.classIndex()));
    assertEquals(first.role(), second.role());
    assertEquals(1, examples.examples(SCHEMA).size());
  }

  @Test
  void aLabelBeyondTheLatenessIsCountedAndNeverTrainedOn() {
    add("A", 0, 10);
    store.label(label("A", "good", 2 + 601));
    assertEquals(List.of(), serials());
    assertEquals(1, examples.report().lateLabels());
    assertEquals(
        new Fate("A", "no window", "label came 601 s after the part's end, allowed are 600 s"),
        newestFate());
  }

  @Test
  void aRevisionThatIsTooLateLeavesTheTimelyOneInForce() {
    add("A", 0, 10);
    store.label(label("A", "good", 2 + 600));
    store.label(label("A", "scrap", 2 + 601));
    assertEquals(1, examples.examples(SCHEMA).get(0).labelRevision());
    assertEquals(1, examples.report().lateLabels());
  }

  @Test
  void aClassThatTheSchemaDoesNotKnowIsNotTrainedOn() {
    add("A", 0, 10);
    store.label(label("A", "odd", 3));
    assertEquals(List.of(), serials());
    assertEquals("label class odd is not in the schema", newestFate().reason());
    store.label(label("A", "good", 4));
    assertEquals(List.of("A"), serials());
    assertEquals(new Fate("A", "window", ""), newestFate());
  }

  @Test
  void rolesGoByBlocksThreeOfFiveTrainOneValidationOneTest() {
    for (int i = 0; i < 12; i++) {
      add("P" + i, 2 * i, i);
      store.label(label("P" + i, "good", 2 * i + 3));
    }
    assertArrayEquals(new int[] {8, 2, 2}, examples.counts(SCHEMA));
    List<DataRole> roles = examples.examples(SCHEMA).stream().map(Example::role).toList();
    assertEquals(DataRole.VALIDATION, roles.get(4));
    assertEquals(DataRole.VALIDATION, roles.get(5));
    assertEquals(DataRole.TRAIN, roles.get(7));
    assertEquals(DataRole.TEST, roles.get(9));
    assertEquals(DataRole.TRAIN, roles.get(10));
  }

  @Test
  void aRoleThatWasDecidedBeforeHolds() {
    add("A", 0, 10);
    store.decide("A", DataRole.TEST);
    store.label(new LabelReport("A", "quality", "good", "lab", Given.at(3), DataRole.TRAIN));
    assertEquals(DataRole.TEST, examples.examples(SCHEMA).get(0).role());
  }

  @Test
  void ofTwoPartsWithOneSerialOnlyTheNewestIsAnExample() {
    add("A", 0, 10);
    store.label(label("A", "good", 3));
    assertEquals(1, examples.examples(SCHEMA).size());
    add("A", 4, 30);
    assertArrayEquals(new float[] {30, 31}, examples.examples(SCHEMA).get(0).window().values());
    assertEquals(1, examples.examples(SCHEMA).size());
  }

  @Test
  void examplesOfEvictedPartsGo() {
    for (int i = 0; i < 400; i++) {
      add("P" + i, 2 * i, i);
      store.label(label("P" + i, "good", 2 * i + 3));
      if (i % 100 == 0) {
        serials();
      }
    }
    List<String> left = serials();
    assertEquals("P" + store.firstOrdinal(), left.get(0));
    assertEquals("P399", left.get(left.size() - 1));
    assertEquals(store.firstOrdinal(), examples.report().evicted());
    assertEquals(400, examples.report().stored());
    assertEquals(left.size(), examples.report().labelled());
  }

  @Test
  void theFateOfAPartSaysWhyNoWindowCame() {
    add("A", 0, 10);
    assertEquals(new Fate("A", "waiting for label", "no label yet"), newestFate());
    serials();
    assertEquals(new Fate("A", "waiting for label", "no label quality yet"), newestFate());
    store.add(new PartData(part("B", 1, 2, 4), Map.of(), false));
    assertEquals(
        new Fate("B", "no window", "signal torque gave no usable value: no sample came"),
        newestFate());
  }

  @Test
  void coverageTellsGapsPerSignalAndWhatBecameOfEachOfTheNewestParts() {
    Schema schema = schema(4, "torque");
    add("old", 0, 10);
    add("half", 2, 10);
    store.label(label("half", "good", 5));
    add("waits", 4, 10);
    add("late", 6, 10);
    store.label(label("late", "good", 8 + 601));
    add("odd", 8, 10);
    store.label(label("odd", "broken", 11));
    for (String serial : List.of("none1", "none2")) {
      double begin = 2 * store.nextOrdinal();
      store.add(new PartData(part(serial, store.nextOrdinal(), begin, begin + 2), Map.of(), false));
    }
    Coverage coverage = examples.coverage(schema, 6);
    assertEquals(
        new Coverage(
            6,
            4,
            List.of(0.5),
            1,
            1,
            Map.of(
                "signal torque gave no usable value: no sample came",
                2,
                "label class broken is not in the schema",
                1)),
        coverage,
        "a part of two seconds fills two of four steps");
    assertEquals(
        List.of(2, 1), List.copyOf(coverage.reasons().values()), "the most frequent first");
    assertEquals(coverage, examples.coverage(schema, 6));
    assertEquals(List.of("half"), examples.examples(schema).stream().map(Example::serial).toList());
  }

  @Test
  void coverageCountsTheGapsBeforeFeaturesAreMadeOfAWindow() {
    Schema plain = schema(4, "torque");
    Schema schema =
        new Schema(
            plain.name(),
            1,
            plain.signals(),
            plain.window(),
            plain.label(),
            new WindowFeatures(0, 0, List.of(WindowStatistic.MEAN)),
            null);
    add("A", 0, 10);
    assertEquals(List.of(0.5), examples.coverage(schema, 10).missing());
    store.label(label("A", "good", 3));
    assertEquals(1, examples.examples(schema).get(0).window().values().length);
    assertEquals(List.of(0.5), examples.coverage(schema, 10).missing());
    assertEquals(
        List.of(), Coverage.of(schema, examples.examples(schema), 10).missing(), "not known");
  }

  @Test
  void coverageNamesPartsThatLackMostValuesAsOneReason() {
    Schema schema = schema(6, "torque");
    add("A", 0, 10);
    add("B", 2, 10);
    assertEquals(
        new Coverage(2, 0, List.of(), 0, 0, Map.of("more than half of its values are missing", 2)),
        examples.coverage(schema, 100));
    assertEquals(
        new Coverage(0, 0, List.of(), 0, 0, Map.of()),
        new StoredExamples(store, new SchemaDerivation(), () -> sources, 2).coverage(schema, 0));
  }

  @Test
  void mismatchesNameTheFieldsOfTheSchema() {
    Schema wanted = schema(2, "torque", "speed");
    sources.add(Given.source("press", List.of(signal("torque", "lbf"), signal("serial", ""))));
    assertEquals(
        List.of("schema.signals.torque.unit", "schema.signals.speed", "schema.label.name"),
        examples.mismatches(wanted).stream().map(Refusal::where).toList());
    String unit = examples.mismatches(wanted).get(0).what();
    assertEquals("the task says Nm, this site says lbf", unit.substring(0, unit.indexOf(';')));
    sources.clear();
    sources.add(
        Given.source(
            "press", List.of(signal("torque", "Nm"), signal("speed", "Nm")), "good", "rework"));
    assertEquals(
        List.of("schema.label.classes"),
        examples.mismatches(wanted).stream().map(Refusal::where).toList());
    sources.clear();
    sources.add(Given.source("press", List.of(signal("torque", "Nm"), signal("speed", "Nm"))));
    sources.add(Given.source("lab", List.of(), "good"));
    assertEquals(List.of(), examples.mismatches(wanted));
  }

  @Test
  void aNumberMustBeANumberInTheTasksUnitAtTheSite() {
    Schema classes = schema(2, "torque");
    LabelSpec label =
        new LabelSpec(
            "quality",
            List.of(),
            Duration.ofMinutes(10),
            new Target(Target.Kind.VALUE, "um", 5, 2));
    Schema number = new Schema(classes.name(), 1, classes.signals(), classes.window(), label);
    sources.add(Given.source("press", List.of(signal("torque", "Nm")), "good"));
    assertEquals(
        List.of("schema.label.kind"),
        examples.mismatches(number).stream().map(Refusal::where).toList());
    sources.clear();
    sources.add(
        Given.sourceWith(
            "press", List.of(signal("torque", "Nm")), LabelDescriptor.ofNumber("quality", "mm")));
    assertEquals(
        List.of("schema.label.unit"),
        examples.mismatches(number).stream().map(Refusal::where).toList());
    assertEquals(
        List.of("schema.label.kind"),
        examples.mismatches(classes).stream().map(Refusal::where).toList());
    sources.clear();
    sources.add(
        Given.sourceWith(
            "press", List.of(signal("torque", "Nm")), LabelDescriptor.ofNumber("quality", "um")));
    assertEquals(List.of(), examples.mismatches(number));
  }

  private static Schema anomalies(String name, List<String> classes) {
    return new Schema(
        SCHEMA.name(),
        SCHEMA.version(),
        SCHEMA.signals(),
        SCHEMA.window(),
        new LabelSpec(name, classes, SCHEMA.label().lateness(), Target.NORMALITY));
  }

  @Test
  void inAnomalyDetectionAPartIsAnExampleWithoutALabelAndADefectIsNotLearnedFrom() {
    Schema schema = anomalies(SCHEMA.label().name(), SCHEMA.label().classes());
    for (int i = 0; i < 4; i++) {
      add("P" + i, 2 * i, 10 * i);
    }
    List<Example> before = examples.examples(schema);
    assertEquals(4, before.size());
    assertEquals(
        List.of(-1, 0), List.of(before.get(0).classIndex(), before.get(0).labelRevision()));
    int[] counts = examples.counts(schema);
    assertEquals(4, counts[0] + counts[1] + counts[2]);
    List<String> train =
        before.stream().filter(each -> each.role() == DataRole.TRAIN).map(Example::serial).toList();
    String defect = train.get(0);
    store.label(label(defect, "scrap", 1));
    store.label(label(train.get(1), "good", 3));
    Example after =
        examples.examples(schema).stream()
            .filter(each -> each.serial().equals(defect))
            .findFirst()
            .orElseThrow();
    assertEquals(List.of(1, 1), List.of(after.classIndex(), after.labelRevision()));
    assertEquals(DataRole.TRAIN, after.role());
    assertEquals(counts[0] - 1, examples.counts(schema)[0]);
    Fate fate =
        examples.report().recent().stream()
            .filter(each -> each.serial().equals(defect))
            .findFirst()
            .orElseThrow();
    assertEquals(new Fate(defect, "window", "labelled as a defect, not learned from"), fate);
    assertEquals(List.of(defect, train.get(1)), serials(), "others still need a label");
  }

  @Test
  void inAnomalyDetectionALabelThatIsTooLateLeavesThePartAsItWas() {
    Schema schema = anomalies(SCHEMA.label().name(), SCHEMA.label().classes());
    add("A", 0, 10);
    assertEquals(1, examples.examples(schema).size());
    store.label(label("A", "scrap", 2 + 601));
    assertEquals(-1, examples.examples(schema).get(0).classIndex());
    assertEquals(1, examples.report().lateLabels());
  }

  @Test
  void aSiteWithoutTheLabelServesATaskOfAnomalies() {
    Schema named = anomalies("unheard-of", List.of("ok", "bad"));
    Schema unnamed = anomalies("", List.of());
    for (Schema each : List.of(named, unnamed)) {
      assertTrue(
          examples.mismatches(each).stream()
              .noneMatch(refusal -> refusal.where().startsWith("schema.label")),
          each.label().name());
    }
    assertTrue(
        examples.mismatches(SCHEMA).stream()
            .anyMatch(refusal -> refusal.where().equals("schema.label.name")));
  }
}
