// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.prototype;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.fedwerk.api.Refusal;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.LabelSpec;
import org.fedwerk.api.learn.Engine;
import org.fedwerk.api.prototype.Prototyping;
import org.fedwerk.api.task.Task;
import org.fedwerk.plant.process.ManifestReader;
import org.fedwerk.plant.process.ReplayManifest;
import org.fedwerk.sim.baseline.SiteExamples;
import org.fedwerk.task.internal.YamlTaskReader;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** One run at a time, each on a thread of its own that ends with it. */
@Component
public final class PrototypeDesk implements Prototyping {
  /** Part of the heap that examples may take, one over that. */
  private static final int SHARE = 4;

  private static final int FAREWELL_SECONDS = 60;

  private final Engine engine;
  private final AtomicBoolean busy = new AtomicBoolean();

  /** Trains with this engine. */
  @Activate
  public PrototypeDesk(@Reference Engine engine) {
    this.engine = engine;
  }

  @Override
  public Result run(Request request, Consumer<String> progress)
      throws RefusedException, InterruptedException {
    if (request.seeds() < 1 || request.seeds() > MOST_SEEDS) {
      throw new RefusedException(
          "seeds", request.seeds() + " is not in range; use 1 to " + MOST_SEEDS);
    }
    if (!busy.compareAndSet(false, true)) {
      throw new RefusedException(
          "prototype", "another run goes on in this process; wait for its end, or interrupt it");
    }
    ExecutorService executor =
        Executors.newSingleThreadExecutor(
            work -> {
              Thread thread = new Thread(work, "fedwerk-prototype");
              thread.setDaemon(true);
              return thread;
            });
    try {
      return result(executor.submit(() -> work(request, progress)));
    } finally {
      executor.shutdownNow();
      awaitEnd(executor);
      busy.set(false);
    }
  }

  private static Result result(Future<Result> running)
      throws RefusedException, InterruptedException {
    try {
      return running.get();
    } catch (ExecutionException failed) {
      Throwable cause = failed.getCause();
      if (cause instanceof RefusedException refused) {
        throw refused;
      }
      if (cause instanceof InterruptedException || cause instanceof CancellationException) {
        throw new InterruptedException("the run was ended");
      }
      throw new RefusedException("prototype", "failed: " + cause);
    }
  }

  /** The thread writes into its folder until it ends. */
  private static void awaitEnd(ExecutorService executor) {
    boolean interrupted = Thread.interrupted();
    try {
      executor.awaitTermination(FAREWELL_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException again) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private Result work(Request request, Consumer<String> progress)
      throws IOException, RefusedException, InterruptedException {
    String yaml = text(request.task());
    Task task = task(request.task(), yaml);
    Configurations configurations = Configurations.read(task, yaml, request.configurations());
    ReplayManifest manifest = ManifestReader.read(request.data(), request.manifest());
    Path scratch = Files.createTempDirectory("fedwerk-prototype");
    try {
      long heap = Runtime.getRuntime().maxMemory() / SHARE;
      List<SiteExamples> sites = new Recordings(manifest, task.schema(), scratch, heap).read();
      List<SiteCounts> counts = counts(sites, task.schema().label());
      check(task, counts);
      for (SiteCounts each : counts) {
        progress.accept(
            each.site()
                + ": "
                + each.train()
                + " examples for training, "
                + each.validation()
                + " for validation, "
                + each.test()
                + " for the test");
      }
      Prototype prototype =
          new Prototype(task, configurations, sites, request.seeds(), engine, progress);
      return new Result(
          task.name(), task.rounds().metric(), counts, request.seeds(), prototype.run());
    } finally {
      delete(scratch);
    }
  }

  private static Task task(Path file, String yaml) throws RefusedException {
    try {
      return new YamlTaskReader().read(yaml).task();
    } catch (RefusedException refused) {
      List<Refusal> named = new ArrayList<>();
      for (Refusal each : refused.refusals()) {
        named.add(new Refusal(file.getFileName() + ", " + each.where(), each.line(), each.what()));
      }
      throw new RefusedException(named);
    }
  }

  private static String text(Path file) throws RefusedException {
    try {
      return Files.readString(file);
    } catch (IOException unreadable) {
      throw new RefusedException(
          file.toString(), "cannot be read (" + unreadable.getClass().getSimpleName() + ")");
    }
  }

  private static List<SiteCounts> counts(List<SiteExamples> sites, LabelSpec label) {
    List<SiteCounts> counts = new ArrayList<>();
    for (SiteExamples site : sites) {
      counts.add(
          new SiteCounts(
              site.site(),
              (int) site.of(DataRole.TRAIN).stream().filter(label::learnsFrom).count(),
              site.of(DataRole.VALIDATION).size(),
              site.of(DataRole.TEST).size()));
    }
    return counts;
  }

  /** What would let a federation of these sites wait for ever, or tell nothing. */
  private static void check(Task task, List<SiteCounts> counts) throws RefusedException {
    if (counts.size() < task.rounds().cohortLeast()) {
      throw new RefusedException(
          "rounds.cohort-least",
          task.rounds().cohortLeast() + " sites are needed, the manifest has " + counts.size());
    }
    int needed = task.rounds().examplesLeast();
    int told = task.leastCount();
    for (SiteCounts each : counts) {
      if (each.train() < needed) {
        throw new RefusedException(
            "rounds.examples-least",
            needed + " examples are needed, site " + each.site() + " trains on " + each.train());
      }
      if (Math.min(each.validation(), each.test()) < told) {
        throw new RefusedException(
            "egress.least-count",
            "metrics are over at least "
                + told
                + " examples, site "
                + each.site()
                + " has "
                + each.validation()
                + " for validation and "
                + each.test()
                + " for the test");
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    }
  }
}
