// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.fedwerk.api.Digest;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.ModelReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Jobs from their beginning to their end, one per task: gets a job's model and hands the job to the
 * work thread. For the talk thread.
 */
final class JobsUnderWay {
  private static final Logger log = LoggerFactory.getLogger(JobsUnderWay.class);

  private final SiteState state;
  private final Mouth mouth;
  private final LongSupplier nanoTime;
  private final ExecutorService worker;
  private final Consumer<Job> run;
  private final Listener listener;
  private final ModelFetch fetch;
  private final Map<Digest, Job> jobs = new HashMap<>();
  private final Map<Digest, Long> saidFetching = new HashMap<>();

  /** Jobs that still may read their model's chunks, also cancelled ones. */
  private final Set<Job> underWay = new HashSet<>();

  /** Hears how the models of jobs come. */
  interface Listener {
    /** It is known now which chunks a job's model consists of. */
    void listed();

    /** A job's model is not what the plan names; the job never runs. */
    void refused(Job job, String why);
  }

  /**
   * No jobs.
   *
   * @param run runs a job, on the work thread
   */
  JobsUnderWay(
      SiteState state,
      Mouth mouth,
      LongSupplier nanoTime,
      ExecutorService worker,
      Consumer<Job> run,
      Listener listener) {
    this.state = state;
    this.mouth = mouth;
    this.nanoTime = nanoTime;
    this.worker = worker;
    this.run = run;
    this.listener = listener;
    fetch =
        new ModelFetch(
            state.blobs(),
            nanoTime,
            mouth::roundTrip,
            (task, missing) -> mouth.fetch(task, state.positions().of(task), missing));
  }

  /** A task's job; null if it has none. */
  @Nullable Job of(Digest task) {
    return jobs.get(task);
  }

  /** The jobs of all tasks. */
  List<Job> all() {
    return List.copyOf(jobs.values());
  }

  /** Begins a job of a task that has none. */
  void begin(Job job) {
    Digest task = job.task.digest();
    jobs.put(task, job);
    underWay.add(job);
    state.chunks().note(job.plan.model().blobs());
    if (job.replies) {
      progress(job, "fetching", 0, job.plan.model().parameters().count());
      saidFetching.put(task, nanoTime.getAsLong());
    }
    fetch.want(task, job.plan.model(), state.made().of(job.task), new Arriving(job));
  }

  /** The model of a job comes. */
  private final class Arriving implements ModelFetch.Arrival {
    private final Job job;

    Arriving(Job job) {
      this.job = job;
    }

    @Override
    public void listed(ModelReference model) {
      state.chunks().note(model.blobs());
      job.plan = job.plan.with(model);
      listener.listed();
    }

    @Override
    public void ready(ModelReference model) {
      if (job.replies || !job.task.task().promotion().isGated()) {
        state.made().arrived(job.task, model);
      }
      submit(job);
    }

    @Override
    public void refused(String why) {
      underWay.remove(job);
      listener.refused(job, why);
    }
  }

  private void submit(Job job) {
    job.begin();
    try {
      worker.execute(() -> run.accept(job));
    } catch (RejectedExecutionException closing) {
      log.debug("The conversation ends; {} is left to the next one", job.key);
    }
  }

  /** Cancels a job; its task has none any more. */
  void drop(Job job) {
    job.cancel();
    jobs.remove(job.task.digest(), job);
    if (fetch.cancel(job.task.digest())) {
      underWay.remove(job); // it never ran, so nobody tells its end
    }
  }

  /**
   * A job is done or came to nothing.
   *
   * @return false if it is its task's job no more
   */
  boolean remove(Job job) {
    return jobs.remove(job.task.digest(), job);
  }

  /** Nothing of a job runs any more. */
  void ended(Job job) {
    underWay.remove(job);
  }

  /** The link is there again. */
  void connected() {
    fetch.connected();
  }

  /** Takes a chunk. @return false if nobody asked for it */
  boolean deliver(byte[] bytes) {
    return fetch.deliver(bytes, this::fetching);
  }

  private void fetching(Digest task) {
    Job job = jobs.get(task);
    if (job == null || !job.replies) {
      return;
    }
    long now = nanoTime.getAsLong();
    Long last = saidFetching.get(task);
    if (last == null || now - last >= job.plan.stall().toNanos() / 3) {
      saidFetching.put(task, now);
      int total = job.plan.model().parameters().count();
      progress(job, "fetching", total - fetch.missing(task), total);
    }
  }

  /** Tells the coordinator how far a job is. */
  void progress(Job job, String stage, long done, long total) {
    mouth.say(
        job.task.digest(),
        job.position,
        new Body.Progress(stage, done, total),
        stage + " " + done + "/" + total);
  }

  /** Asks again for what does not come. */
  void tick() {
    fetch.tick();
  }

  /** True if it is known of each model which chunks it consists of. */
  boolean areListed() {
    return underWay.stream().allMatch(job -> job.plan.model().parameters().isRead());
  }

  /** Blobs of the models that jobs may read. */
  Set<Digest> blobs() {
    Set<Digest> blobs = new HashSet<>();
    for (Job job : underWay) {
      blobs.addAll(job.plan.model().parameters().blobs());
    }
    return blobs;
  }

  /** True if a chunk belongs to a model that jobs may read, or that is being fetched. */
  boolean needs(Digest chunk) {
    return fetches(chunk)
        || underWay.stream().anyMatch(job -> job.plan.model().parameters().blobs().contains(chunk));
  }

  /** True if a chunk belongs to a model that is being fetched. */
  boolean fetches(Digest chunk) {
    return fetch.needs(chunk);
  }

  /** Cancels everything. */
  void cancelAll() {
    jobs.values().forEach(Job::cancel);
  }
}
