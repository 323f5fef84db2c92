// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.fedwerk.api.Refusal;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.data.Coverage;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.data.LabelSpec;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.data.Tensor;
import org.fedwerk.api.site.Assessment.Finding;
import org.fedwerk.api.site.Assessment.Verdict;
import org.fedwerk.api.task.Task;
import org.fedwerk.task.internal.YamlTaskReader;
import org.junit.jupiter.api.Test;

class DataFindingsTest {
  private static final String CLASSES = "label: {name: result, classes: [good, bad]}";
  private static final float GONE = Float.NaN;

  private final FakeExamples source = new FakeExamples();
  private String yaml = Tasks.PRESS;

  private Task task() throws RefusedException {
    return new YamlTaskReader().read(yaml).task();
  }

  private DataFindings found() throws RefusedException {
    return new DataFindings(task(), source);
  }

  private Finding row(String name) throws RefusedException {
    return found().rows().stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no row " + name));
  }

  private Example example(int n, DataRole role, double... target) throws RefusedException {
    LabelSpec label = task().schema().label();
    Tensor window = new Tensor(new int[] {2, 2}, new float[] {n, n + 1, n + 2, n + 3});
    return Example.of(label, "S-" + n, window, target, 1, role);
  }

  private void given(DataRole role, double[]... targets) throws RefusedException {
    List<Example> all = new ArrayList<>();
    for (double[] target : targets) {
      all.add(example(all.size(), role, target));
    }
    source.examples = all;
  }

  private static double[] says(double... target) {
    return target;
  }

  @Test
  void examplesOfEachRoleAreHeldAgainstWhatTheTaskWants() throws Exception {
    assertEquals(
        new Finding(
            "training examples",
            6,
            "examples",
            "",
            "at least 4 (rounds.examples-least)",
            Verdict.MET),
        row("training examples"));
    assertEquals("at least 2 (egress.least-count)", row("validation examples").needed());
    assertEquals(Verdict.MET, row("test examples").verdict());
    source.examples = Tasks.examples(3, 1, 1);
    assertEquals(Verdict.SHORT, row("training examples").verdict());
    assertEquals(Verdict.SHORT, row("validation examples").verdict());
    assertEquals(Verdict.NOTICE, row("test examples").verdict());
  }

  @Test
  void aClassWithoutExamplesIsNamedAndSoIsOneWithFew() throws Exception {
    given(DataRole.TRAIN, says(0), says(0), says(0), says(1));
    Finding few = row("label bad");
    assertEquals(1, few.number());
    assertEquals(Verdict.NOTICE, few.verdict());
    assertEquals(Verdict.MET, row("label good").verdict());
    assertFalse(found().isAlike());
    given(DataRole.TRAIN, says(0), says(0));
    assertEquals(
        "0 training examples, 0 for validation; this site can learn nothing of it",
        row("label bad").value());
    assertEquals(Verdict.NOTICE, row("label good").verdict(), "there is nothing else");
    assertTrue(found().isAlike());
    given(DataRole.VALIDATION, says(0), says(0));
    assertFalse(found().isAlike(), "no training example is another thing");
  }

  @Test
  void ofANumberCountMeanAndSpreadAreTold() throws Exception {
    yaml = yaml.replace(CLASSES, "label: {name: wear, kind: value, unit: um, centre: 0, scale: 2}");
    given(DataRole.TRAIN, says(1), says(3), says(5));
    assertEquals(
        "3 um, mean of 3 training examples, standard deviation 1.633, from 1.000 to 5.000",
        row("label wear").value());
    assertFalse(found().isAlike());
    given(DataRole.TRAIN, says(2), says(2));
    assertTrue(found().isAlike());
    given(DataRole.TEST, says(2));
    assertEquals("no training example", row("label wear").value());
  }

  @Test
  void ofSeveralLabelsEachIsCountedForItself() throws Exception {
    yaml = yaml.replace(CLASSES, "label: {name: result, kind: classes, classes: [burr, crack]}");
    given(DataRole.TRAIN, says(1, 0), says(1, 0), says(1, 1));
    assertEquals(3, row("label burr").number());
    assertEquals(Verdict.NOTICE, row("label burr").verdict(), "it never was absent");
    assertEquals(1, row("label crack").number());
    assertFalse(found().isAlike());
    given(DataRole.TRAIN, says(1, 0), says(1, 0));
    assertTrue(found().isAlike());
  }

  @Test
  void inAnomalyDetectionPartsWithoutALabelCountAndDefectsAreNotTrainedOn() throws Exception {
    yaml =
        yaml.replace(CLASSES, "label: {name: result, kind: anomaly, classes: [good, bad]}")
            .replace("mlp, hidden: [3]", "autoencoder, hidden: [2]");
    given(DataRole.TRAIN, says(0), says(1), says(0));
    source.examples =
        List.of(
            source.examples.get(0), source.examples.get(1), source.examples.get(2).unlabelled());
    assertEquals(1, row("label defect").number());
    assertEquals(1, row("label normal").number());
    assertEquals(1, row("no label").number());
    assertEquals(2, row("training examples").number());
    assertFalse(found().isAlike());
  }

  @Test
  void gapsAreToldPerSignal() throws Exception {
    Tensor whole = new Tensor(new int[] {2, 2}, new float[] {1, 2, 3, 4});
    Tensor holed = new Tensor(new int[] {2, 2}, new float[] {1, 2, GONE, 4});
    Schema schema = task().schema();
    source.examples =
        List.of(
            Example.of(schema.label(), "A", whole, says(0), 1, DataRole.TRAIN),
            Example.of(schema.label(), "B", holed, says(1), 1, DataRole.TRAIN));
    assertEquals(
        new Finding(
            "values missing of way",
            25,
            "%",
            "",
            "at most 10 %, or predictions are Uncertain",
            Verdict.NOTICE),
        row("values missing of way"));
    assertEquals(Verdict.MET, row("values missing of force").verdict());
  }

  @Test
  void partsWithoutAnExampleAreToldWithTheirReasons() throws Exception {
    source.coverage =
        new Coverage(10, 4, List.of(0.0, 0.2), 3, 1, Map.of("signal force gave no value", 6));
    assertEquals(Verdict.SHORT, row("newest parts with a window").verdict());
    assertEquals("4 parts, of 10", row("newest parts with a window").value());
    assertEquals("6 parts, signal force gave no value", row("parts without an example").value());
    assertEquals(Verdict.NOTICE, row("newest parts that wait for a label").verdict());
    assertEquals(Verdict.NOTICE, row("newest parts whose label came late").verdict());
    assertEquals("signal force gave no value", found().mostOften());
    source.coverage = new Coverage(0, 0, List.of(), 0, 0, Map.of());
    assertEquals(Verdict.UNKNOWN, row("newest parts").verdict());
  }

  @Test
  void whatTheSiteDoesNotDeliverIsARowOfItsOwn() throws Exception {
    assertEquals(Verdict.MET, row("signals and label").verdict());
    source.mismatches = List.of(new Refusal("schema.signals.way", 0, "no source delivers it"));
    assertEquals(
        Finding.said("schema.signals.way", "no source delivers it", "as the task", Verdict.SHORT),
        row("schema.signals.way"));
    assertEquals(1, found().differences().size());
  }
}
