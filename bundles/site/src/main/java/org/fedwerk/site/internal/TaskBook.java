// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.learn.Architectures;
import org.fedwerk.api.store.Journal;
import org.fedwerk.api.task.TaskDocument;
import org.fedwerk.api.task.TaskReader;
import org.fedwerk.site.internal.KnownTask.Approval;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The tasks this site was offered, with every decision about them, on disk. Thread-safe. */
final class TaskBook {
  private static final Logger log = LoggerFactory.getLogger(TaskBook.class);
  private static final int OFFERED = 1;
  private static final int DECIDED = 2;
  private static final int FINISHED = 3;
  private static final int GOES_ON = 4;
  private static final String NAME = "site/tasks";

  private final Journal journal;
  private final TaskReader reader;
  private final Architectures architectures;
  private final Map<Digest, KnownTask> tasks = new TreeMap<>();

  TaskBook(Journal journal, TaskReader reader, Architectures architectures) {
    this.journal = journal;
    this.reader = reader;
    this.architectures = architectures;
    journal.replay(journal.first(), (sequence, record) -> apply(new StateReader(NAME, record)));
  }

  private void apply(StateReader record) {
    switch (record.type()) {
      case OFFERED -> offered(record.text());
      case DECIDED -> {
        Digest digest = record.digest();
        Approval decision = Approval.valueOf(record.text());
        record.text();
        String why = record.text();
        tasks.computeIfPresent(digest, (d, known) -> known.decided(decision, why));
      }
      case FINISHED -> tasks.computeIfPresent(record.digest(), (d, known) -> known.ended());
      case GOES_ON -> tasks.computeIfPresent(record.digest(), (d, known) -> known.goingOn());
      default ->
          throw new IllegalStateException(
              "journal " + NAME + " holds a record of unknown type " + record.type());
    }
  }

  private void offered(String yaml) {
    try {
      KnownTask task = read(yaml);
      tasks.put(task.digest(), task);
    } catch (RefusedException changed) {
      // The other tasks go on; this one comes back with a program that accepts it.
      log.error(
          "A task kept by this site is left out, as this program does not accept it: {}",
          changed.getMessage());
    }
  }

  private KnownTask read(String yaml) throws RefusedException {
    TaskDocument document = reader.read(yaml);
    architectures.network(document.task().model(), document.task().schema());
    return new KnownTask(document, Approval.WAITING, "", false);
  }

  /**
   * Keeps an offered task; offering it again changes nothing.
   *
   * @throws RefusedException if the document or its model is not accepted
   */
  synchronized KnownTask offer(String yaml) throws RefusedException {
    KnownTask known = tasks.get(Digest.of(yaml.getBytes(StandardCharsets.UTF_8)));
    if (known != null) {
      return known;
    }
    KnownTask task = read(yaml);
    journal.append(new StateWriter(OFFERED).text(yaml).record());
    tasks.put(task.digest(), task);
    return task;
  }

  /** Records a decision. */
  synchronized KnownTask decide(Digest digest, Approval decision, String by, String why) {
    KnownTask decided = required(digest).decided(decision, why);
    journal.append(
        new StateWriter(DECIDED).digest(digest).text(decision.name()).text(by).text(why).record());
    journal.force();
    tasks.put(digest, decided);
    return decided;
  }

  /** Records that a task has ended. */
  synchronized void finish(Digest digest) {
    KnownTask known = required(digest);
    if (!known.finished()) {
      journal.append(new StateWriter(FINISHED).digest(digest).record());
      tasks.put(digest, known.ended());
    }
  }

  /** Records that a task that had ended goes on. */
  synchronized KnownTask goOn(Digest digest) {
    KnownTask known = required(digest);
    if (known.finished()) {
      journal.append(new StateWriter(GOES_ON).digest(digest).record());
      tasks.put(digest, known.goingOn());
    }
    return required(digest);
  }

  private KnownTask required(Digest digest) {
    KnownTask known = tasks.get(digest);
    if (known == null) {
      throw new IllegalArgumentException("no task " + digest.brief() + " at this site");
    }
    return known;
  }

  synchronized Optional<KnownTask> find(Digest digest) {
    return Optional.ofNullable(tasks.get(digest));
  }

  synchronized List<KnownTask> all() {
    return new ArrayList<>(tasks.values());
  }

  /**
   * Finds a task by the name or the begin of the digest that a person typed.
   *
   * @throws RefusedException if none or several match
   */
  synchronized KnownTask named(String nameOrDigest) throws RefusedException {
    List<KnownTask> matches = new ArrayList<>();
    for (KnownTask task : tasks.values()) {
      boolean begins = nameOrDigest.length() >= 6 && task.digest().hex().startsWith(nameOrDigest);
      if (task.task().name().equals(nameOrDigest) || begins) {
        matches.add(task);
      }
    }
    if (matches.isEmpty()) {
      throw new RefusedException(
          "task",
          "this site knows no task \"" + nameOrDigest + "\"; fedwerk:status lists those it knows");
    }
    if (matches.size() > 1) {
      throw new RefusedException(
          "task",
          "\""
              + nameOrDigest
              + "\" names "
              + matches.size()
              + " tasks; give the begin of the digest instead");
    }
    return matches.get(0);
  }
}
