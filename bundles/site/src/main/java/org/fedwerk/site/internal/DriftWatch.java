// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fedwerk.api.Digest;
import org.fedwerk.api.data.Tensor;
import org.fedwerk.api.learn.DriftDetection;
import org.fedwerk.api.learn.DriftDetector;
import org.fedwerk.api.task.DriftSpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the parts that are predicted with the training examples, window by window; a window
 * begins anew with each model and each start of the process. Parts come from the thread that
 * predicts; anybody may look.
 */
final class DriftWatch {
  private static final Logger log = LoggerFactory.getLogger(DriftWatch.class);

  private final DriftDetection detection;
  private final DriftBook book;
  private final StateBoard board;
  private final Map<Digest, Window> windows = new HashMap<>();

  /** What follows from drift, in words, by task. */
  private final Map<Digest, String> answers = new HashMap<>();

  DriftWatch(DriftDetection detection, DriftBook book, StateBoard board) {
    this.detection = detection;
    this.book = book;
    this.board = board;
  }

  /** The window of one model; it has no detectors if there is nothing to compare with. */
  private static final class Window {
    private final Digest model;
    private final int forgotten;
    private final List<String> names;
    private final List<DriftDetector> detectors;
    private int parts;
    private int inRow;
    private Optional<DriftFinding> last = Optional.empty();

    Window(Digest model, int forgotten, List<String> names, List<DriftDetector> detectors) {
      this.model = model;
      this.forgotten = forgotten;
      this.names = names;
      this.detectors = detectors;
    }
  }

  /**
   * A part was predicted by the active deployment.
   *
   * @param raw its window [signals x steps]
   */
  synchronized void predicted(Deployment deployment, Tensor raw, Answer answer) {
    KnownTask task = deployment.task();
    DriftSpec drift = task.task().drift();
    if (drift == null) {
      return;
    }
    Window window = window(deployment, drift);
    if (window.detectors.isEmpty()) {
      return;
    }
    float[] values = DriftVariables.of(task.task(), drift, raw, answer);
    for (int k = 0; k < values.length; k++) {
      window.detectors.get(k).add(values[k]);
    }
    window.parts++;
    if (window.parts >= drift.window()) {
      judge(task, drift, window);
    }
  }

  private Window window(Deployment deployment, DriftSpec drift) {
    KnownTask task = deployment.task();
    Window now = windows.get(task.digest());
    Digest model = deployment.model().digest();
    int forgotten = book.forgotten();
    boolean same = now != null && now.model.equals(model) && now.forgotten == forgotten;
    Optional<DriftBook.Reference> reference = Optional.empty();
    if (now == null || !same || now.detectors.isEmpty()) {
      reference = book.find(task.digest(), model);
    }
    if (now != null && same && reference.isEmpty()) {
      return now;
    }
    List<String> names = DriftVariables.names(task.task(), drift);
    List<DriftDetector> detectors = new ArrayList<>();
    for (float[] values : reference.map(DriftBook.Reference::variables).orElse(List.of())) {
      detectors.add(detection.detector(drift, names.size(), values));
    }
    Window fresh = new Window(model, forgotten, names, detectors);
    windows.put(task.digest(), fresh);
    show(task);
    return fresh;
  }

  private void judge(KnownTask known, DriftSpec drift, Window window) {
    Map<String, DriftDetector.Verdict> verdicts = new LinkedHashMap<>();
    for (int k = 0; k < window.names.size(); k++) {
      verdicts.put(window.names.get(k), window.detectors.get(k).judge());
    }
    DriftFinding finding = new DriftFinding(drift, window.parts, verdicts);
    window.parts = 0;
    window.inRow = finding.isDrift() ? window.inRow + 1 : 0;
    window.last = Optional.of(finding);
    if (finding.isDrift()) {
      log.info("Task {}: {}", known.task().name(), finding.words());
    }
    show(known);
  }

  private void show(KnownTask known) {
    DriftSpec drift = known.task().drift();
    Window window = windows.get(known.digest());
    String words = "";
    if (window != null && drift != null) {
      String begun =
          window.detectors.isEmpty()
              ? "drift is not watched yet: no training examples were taken down for this model"
              : "drift: the first window of " + drift.window() + " parts is not full yet";
      words = window.last.map(DriftFinding::words).orElse(begun);
    }
    String answer = answers.getOrDefault(known.digest(), "");
    board.drift(
        known.task().name(),
        words.isEmpty() || answer.isEmpty() ? words + answer : words + "; " + answer);
  }

  /** Shows what follows from drift; empty for nothing. */
  synchronized void answer(KnownTask task, String words) {
    if (!words.equals(answers.getOrDefault(task.digest(), ""))) {
      answers.put(task.digest(), words);
      show(task);
    }
  }

  /** Drift of a model's parts that has lasted for as many windows as the task asks for. */
  synchronized Optional<DriftFinding> lasting(KnownTask task, Digest model) {
    DriftSpec drift = task.task().drift();
    Window window = windows.get(task.digest());
    return drift == null || window == null || !window.model.equals(model)
        ? Optional.empty()
        : window.last.filter(each -> window.inRow >= drift.windows());
  }

  /** The newest judgement of a task's parts. */
  synchronized Optional<DriftFinding> last(Digest task) {
    return Optional.ofNullable(windows.get(task)).flatMap(window -> window.last);
  }
}
