// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.fedwerk.api.predict.Prediction;
import org.fedwerk.api.predict.Prediction.Trust;
import org.fedwerk.api.store.Journal;

/**
 * The newest prediction of each task on disk, so that sequence and last value survive a restart.
 * Thread-safe.
 */
final class PredictionBook {
  private static final int PREDICTED = 1;
  private static final int COMPACT_EVERY = 10_000;
  private static final String NAME = "site/predictions";

  private final Journal journal;
  private final Map<String, Prediction> newest = new HashMap<>();
  private Predicate<String> deleted = serial -> false;

  PredictionBook(Journal journal) {
    this.journal = journal;
    journal.replay(journal.first(), (sequence, bytes) -> remember(decode(bytes)));
  }

  /** The next sequence of a task. */
  synchronized long next(String task) {
    Prediction last = newest.get(task);
    return last == null ? 1 : last.sequence() + 1;
  }

  /**
   * Writes a prediction down.
   *
   * @throws java.io.UncheckedIOException if it cannot be written; it counts here all the same, and
   *     the next one that is written stands for both
   */
  synchronized void add(Prediction made) {
    Prediction prediction = without(made);
    remember(prediction);
    long sequence = journal.append(encode(prediction));
    if (sequence % COMPACT_EVERY == 0) {
      newest.values().forEach(each -> journal.append(encode(each)));
      journal.dropBefore(sequence);
    }
  }

  /** The last predictions of an earlier run, which nobody can vouch for now. */
  synchronized List<Prediction> uncertain() {
    List<Prediction> list = new ArrayList<>();
    for (Prediction each : newest.values()) {
      list.add(named(each, each.serial(), each.trust() == Trust.BAD ? Trust.BAD : Trust.UNCERTAIN));
    }
    return list;
  }

  private static Prediction named(Prediction p, String serial, Trust trust) {
    return new Prediction(
        p.task(),
        serial,
        p.predicted(),
        p.probability(),
        p.probabilities(),
        p.threshold(),
        p.modelVersion(),
        p.digest(),
        p.localRevision(),
        p.sequence(),
        trust,
        p.sourceTime(),
        p.missing(),
        p.score(),
        p.alarm());
  }

  /** From now on no part is named for which this holds, as it was deleted. */
  synchronized void keepOut(Predicate<String> serials) {
    deleted = serials;
  }

  /** Takes the names of deleted parts out of what is kept. */
  synchronized void forget() {
    newest.replaceAll((task, prediction) -> without(prediction));
    journal.redact(
        (sequence, bytes) -> {
          Prediction prediction = decode(bytes);
          Prediction rest = without(prediction);
          return rest == prediction ? null : encode(rest);
        });
  }

  private Prediction without(Prediction p) {
    return p.serial().isEmpty() || !deleted.test(p.serial()) ? p : named(p, "", p.trust());
  }

  private void remember(Prediction prediction) {
    newest.merge(prediction.task(), prediction, (a, b) -> a.sequence() > b.sequence() ? a : b);
  }

  private static byte[] encode(Prediction p) {
    return new StateWriter(PREDICTED)
        .text(p.task())
        .text(p.serial())
        .text(p.predicted())
        .real(p.probability())
        .list(p.probabilities(), StateWriter::real)
        .real(p.threshold())
        .number(p.modelVersion())
        .digest(p.digest())
        .number(p.localRevision())
        .number(p.sequence())
        .text(p.trust().name().toLowerCase(Locale.ROOT))
        .number(p.sourceTime().getEpochSecond())
        .number(p.sourceTime().getNano())
        .real(p.missing())
        .real(p.score())
        .number(p.alarm() ? 1 : 0)
        .record();
  }

  private static Prediction decode(byte[] bytes) {
    StateReader r = new StateReader(NAME, bytes);
    return new Prediction(
        r.text(),
        r.text(),
        r.text(),
        r.real(),
        r.list(StateReader::real),
        r.real(),
        r.integer(),
        r.digest(),
        r.integer(),
        r.number(),
        Trust.valueOf(r.text().toUpperCase(Locale.ROOT)),
        Instant.ofEpochSecond(r.number(), r.number()),
        r.real(),
        // Older programs wrote neither of the two.
        r.hasMore() ? r.real() : Double.NaN,
        r.hasMore() && r.number() == 1);
  }
}
