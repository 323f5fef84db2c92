// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.data.ExampleSource;
import org.fedwerk.api.site.DataDeletion;
import org.fedwerk.api.store.DataSelection;
import org.fedwerk.api.store.DeletableData;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes data: who decided goes on record first, then the store deletes, then it goes on record
 * what had read the parts, then their names leave manifests and predictions. Each step is on disk
 * before the next begins. Thread-safe.
 */
final class Deletions implements DataDeletion {
  private static final Logger log = LoggerFactory.getLogger(Deletions.class);

  private final DeletableData parts;
  private final ExampleSource examples;
  private final SiteState state;
  private final StateBoard board;
  private final Clock clock;

  /** Ends what a kill interrupted. */
  Deletions(
      DeletableData parts, ExampleSource examples, SiteState state, StateBoard board, Clock clock) {
    this.parts = parts;
    this.examples = examples;
    this.state = state;
    this.board = board;
    this.clock = clock;
    state.manifests().keepOut(parts::isDeleted);
    state.predictions().keepOut(parts::isDeleted);
    state.deletions().open().forEach(this::resume);
  }

  private void resume(DeletionBook.Entry entry) {
    long number = entry.deletion().number();
    if (parts.deletions() > entry.before()) {
      log.info("Deletion {}, which was interrupted, is ended now", number);
      forget(number);
    } else {
      log.warn("Deletion {} had not begun when the process ended; nothing was deleted", number);
      state.deletions().end(number, false);
    }
  }

  @Override
  public Deletion preview(DataSelection selection) throws RefusedException {
    return preview(selection, serials(selection), "");
  }

  private Deletion preview(DataSelection selection, Set<String> serials, String by) {
    DeletableData.Deleted count = parts.count(serials);
    return new Deletion(
        0,
        clock.instant(),
        by,
        words(selection),
        serials.size(),
        count.parts(),
        count.labels(),
        "preview",
        uses(serials::contains));
  }

  @Override
  public synchronized Deletion delete(DataSelection selection, String by) throws RefusedException {
    Set<String> serials = serials(selection);
    Deletion preview = preview(selection, serials, by);
    long number = state.deletions().begin(preview, parts.deletions());
    parts.delete(serials);
    forget(number);
    log.info(
        "{} deleted {} parts and {} labels of {} serials ({})",
        by,
        preview.parts(),
        preview.labels(),
        preview.serials(),
        preview.selection());
    return state.deletions().find(number).deletion();
  }

  private void forget(long number) {
    if (!state.deletions().find(number).isAccounted()) {
      state.deletions().account(number, uses(parts::isDeleted));
    }
    state.manifests().forget();
    state.predictions().forget();
    state.drift().forget();
    board.forget(parts::isDeleted);
    state.deletions().end(number, true);
  }

  private Set<String> serials(DataSelection selection) throws RefusedException {
    Set<String> serials = parts.select(selection);
    if (serials.isEmpty()) {
      throw new RefusedException(
          "selection",
          "nothing that is kept here is meant; a part counts from when it is closed, see fedwerk:parts");
    }
    if (serials.contains(examples.report().open()) && selection instanceof DataSelection.BySerial) {
      throw new RefusedException(
          "selection", "a part of this serial is in the machine; try again when it is closed");
    }
    return serials;
  }

  private List<RowUse> uses(Predicate<String> serials) {
    return state.manifests().uses(serials).entrySet().stream().map(this::use).toList();
  }

  private RowUse use(Map.Entry<Use, Integer> each) {
    Use use = each.getKey();
    String name = state.tasks().find(use.task()).map(task -> task.task().name()).orElse("");
    return new RowUse(name, use.task(), use.request(), use.first(), use.last(), each.getValue());
  }

  /** The record must outlive the data, so it names no serial. */
  private static String words(DataSelection selection) {
    if (selection instanceof DataSelection.ByTime span) {
      return "parts that began "
          + (span.from().equals(Instant.MIN) ? "" : "from " + span.from() + " ")
          + "before "
          + span.to();
    }
    return selection instanceof DataSelection.ByLabelSource from
        ? "parts with a label of source " + from.source()
        : "one serial";
  }

  @Override
  public List<Deletion> deletions() {
    return state.deletions().all();
  }
}
