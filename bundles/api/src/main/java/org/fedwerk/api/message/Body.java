// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.message;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.fedwerk.api.Digest;
import org.fedwerk.api.learn.Evaluation;
import org.fedwerk.api.learn.LabelStatistics;
import org.fedwerk.api.learn.Moments;
import org.jspecify.annotations.Nullable;

/** What sealed messages say. Bytes: docs/wire.md. */
public sealed interface Body {
  /** The kind that carries it. */
  Kind kind();

  /**
   * A task is offered.
   *
   * @param yaml the document; its digest is the header's task
   */
  record TaskOffer(String yaml) implements Body {
    @Override
    public Kind kind() {
      return Kind.TASK;
    }
  }

  /**
   * What the cohort does now; place and epoch are in the header.
   *
   * @param phase name of the phase
   * @param request what is asked: {@code statistics}, {@code train}, {@code evaluate}, {@code
   *     test}, {@code deploy}; {@code waiting} asks nothing now, {@code finished} and {@code
   *     stopped} nothing more
   * @param cohort site ids, ascending
   * @param model the model to start from or to evaluate
   * @param committed true if that model is a committed version, which a site may deploy
   * @param rangeElements elements per range of every section returned (the last may be shorter)
   * @param stall a site says progress more often than this
   * @param note why the task rests or was stopped, in words for people; empty else
   * @param counted of each site of the cohort the round of the newest version that holds an update
   *     of it, 0 for none; empty where sites keep nothing that must be counted
   * @param clusters whose model is whose, where the coordinator says that
   */
  record Plan(
      String phase,
      String request,
      List<String> cohort,
      ModelReference model,
      boolean committed,
      int rangeElements,
      Duration stall,
      String note,
      List<Integer> counted,
      Clusters clusters)
      implements Body {
    /** A plan of a task whose sites are not split. */
    public Plan(
        String phase,
        String request,
        List<String> cohort,
        ModelReference model,
        boolean committed,
        int rangeElements,
        Duration stall,
        String note,
        List<Integer> counted) {
      this(
          phase,
          request,
          cohort,
          model,
          committed,
          rangeElements,
          stall,
          note,
          counted,
          Clusters.NONE);
    }

    /** A plan of a task without control variates. */
    public Plan(
        String phase,
        String request,
        List<String> cohort,
        ModelReference model,
        boolean committed,
        int rangeElements,
        Duration stall,
        String note) {
      this(phase, request, cohort, model, committed, rangeElements, stall, note, List.of());
    }

    /** A plan without a note. */
    public Plan(
        String phase,
        String request,
        List<String> cohort,
        ModelReference model,
        boolean committed,
        int rangeElements,
        Duration stall) {
      this(phase, request, cohort, model, committed, rangeElements, stall, "");
    }

    public Plan {
      cohort = List.copyOf(cohort);
      counted = List.copyOf(counted);
      if (!counted.isEmpty() && counted.size() != cohort.size()) {
        throw new IllegalArgumentException("a plan counts every site of its cohort, or none");
      }
      if (clusters.models() > 0 && clusters.places().size() != cohort.size()) {
        throw new IllegalArgumentException("a plan places every site of its cohort, or none");
      }
    }

    /** The round of the newest version that holds an update of a site; 0 if none is known. */
    public int counted(String site) {
      int index = cohort.indexOf(site);
      return counted.isEmpty() || index < 0 ? 0 : counted.get(index);
    }

    /** The model, from 1, that is a site's; 0 if it finds its own, empty if nothing is told. */
    public OptionalInt place(String site) {
      int index = cohort.indexOf(site);
      return clusters.models() == 0 || index < 0
          ? OptionalInt.empty()
          : OptionalInt.of(clusters.places().get(index));
    }

    /** The same plan with its model's chunk list read. */
    public Plan with(ModelReference read) {
      return new Plan(
          phase, request, cohort, read, committed, rangeElements, stall, note, counted, clusters);
    }

    @Override
    public Kind kind() {
      return Kind.PLAN;
    }
  }

  /**
   * A reply was taken, or why not.
   *
   * @param manifest digest of the manifest's body bytes
   * @param accepted true if it is complete and counts
   * @param reason empty if accepted
   */
  record Receipt(Digest manifest, boolean accepted, String reason) implements Body {
    @Override
    public Kind kind() {
      return Kind.RECEIPT;
    }
  }

  /**
   * Where a site stands, on every connect.
   *
   * @param software version of the program
   * @param tasks one entry per task the site knows
   */
  record Sync(String software, List<TaskStanding> tasks) implements Body {
    public Sync {
      tasks = List.copyOf(tasks);
    }

    @Override
    public Kind kind() {
      return Kind.SYNC;
    }
  }

  /**
   * A site's standing in one task.
   *
   * @param task digest of the task
   * @param position highest plan seen
   * @param deployed global digest of the active deployment; null if none
   * @param model that deployment, for a coordinator that may have lost it; null unless one with a
   *     later epoch asks
   */
  record TaskStanding(
      Digest task, Position position, @Nullable Digest deployed, @Nullable ModelReference model) {
    /** A standing that offers no model. */
    public TaskStanding(Digest task, Position position, @Nullable Digest deployed) {
      this(task, position, deployed, null);
    }
  }

  /**
   * Whether a site takes part.
   *
   * @param willing true if the task is approved and the data fit
   * @param reason why not, field by field; empty if willing
   * @param train training examples
   * @param validation validation examples
   * @param test test examples
   */
  record Ready(boolean willing, String reason, int train, int validation, int test)
      implements Body {
    @Override
    public Kind kind() {
      return Kind.READY;
    }
  }

  /**
   * Still working on the phase in the header.
   *
   * @param stage {@code fetching}, {@code training}, {@code evaluating}, {@code sending}
   * @param done steps or chunks done
   * @param total of how many; 0 if unknown
   */
  record Progress(String stage, long done, long total) implements Body {
    @Override
    public Kind kind() {
      return Kind.PROGRESS;
    }
  }

  /**
   * The reply to the phase in the header; it counts when all its chunks are there.
   *
   * @param base global digest of the model it starts from or evaluates
   * @param sections vectors, maybe none
   * @param weight the update's weight: number of training examples; 0 where nothing is aggregated
   * @param weightDisclosure who may see the weight
   * @param metrics numbers
   * @param evaluation counts of an evaluation
   * @param localRevision revision of the site's deployment for a deploy reply; 0 else
   * @param training digest of the training manifest, the site's own record of what was used; null
   *     for other phases
   * @param statistics of the training examples, one for each pool of {@code ValuePools}, for a plan
   *     that asks for them; none else
   * @param labels of the training examples, with an update; empty where the site's owner or the
   *     label's kind lets none leave
   */
  record Manifest(
      Digest base,
      List<Section> sections,
      double weight,
      Disclosure weightDisclosure,
      List<Metric> metrics,
      Optional<Evaluation> evaluation,
      int localRevision,
      @Nullable Digest training,
      List<Moments> statistics,
      Optional<LabelStatistics> labels)
      implements Body {
    public Manifest {
      sections = List.copyOf(sections);
      metrics = List.copyOf(metrics);
      statistics = List.copyOf(statistics);
    }

    /** A reply that tells no statistics. */
    public Manifest(
        Digest base,
        List<Section> sections,
        double weight,
        Disclosure weightDisclosure,
        List<Metric> metrics,
        Optional<Evaluation> evaluation,
        int localRevision,
        @Nullable Digest training) {
      this(
          base,
          sections,
          weight,
          weightDisclosure,
          metrics,
          evaluation,
          localRevision,
          training,
          List.of(),
          Optional.empty());
    }

    /** The same reply with what it tells of labels. */
    public Manifest with(Optional<LabelStatistics> told) {
      return new Manifest(
          base,
          sections,
          weight,
          weightDisclosure,
          metrics,
          evaluation,
          localRevision,
          training,
          statistics,
          told);
    }

    @Override
    public Kind kind() {
      return Kind.MANIFEST;
    }
  }

  /**
   * The site leaves the round in the header, or the whole task.
   *
   * @param wholeTask true if it will not take part again
   * @param reason in words for the coordinator's operator
   */
  record Leave(boolean wholeTask, String reason) implements Body {
    @Override
    public Kind kind() {
      return Kind.LEAVE;
    }
  }

  /**
   * Asks for chunks.
   *
   * @param digests addresses, at most 1000
   */
  record Fetch(List<Digest> digests) implements Body {
    public Fetch {
      digests = List.copyOf(digests);
    }

    @Override
    public Kind kind() {
      return Kind.FETCH;
    }
  }

  /**
   * Which model a site is to deploy, in a task whose models are promoted. Apart from plans: it
   * comes at any time, also after the task's end.
   *
   * @param revision grows with each change within an epoch; less than one followed is old
   * @param model the model; empty if the site is to deploy none
   */
  record Assignment(long revision, Optional<ModelReference> model) implements Body {
    /** The same assignment with its model's chunk list read. */
    public Assignment with(ModelReference read) {
      return new Assignment(revision, Optional.of(read));
    }

    @Override
    public Kind kind() {
      return Kind.ASSIGNMENT;
    }
  }

  /**
   * What a site has loaded of a task whose models are promoted.
   *
   * @param revision of the newest assignment that it knows; 0 if none
   * @param served the active deployment and the one before it, as far as there are any
   */
  record Running(long revision, List<Served> served) implements Body {
    public Running {
      served = List.copyOf(served);
    }

    @Override
    public Kind kind() {
      return Kind.RUNNING;
    }
  }

  /**
   * How a loaded model does at a site.
   *
   * @param model global digest
   * @param active true for the one that predicts
   * @param held true if the site's owner holds it there
   * @param predictions made since it became active or since the process began
   * @param failures parts that it could not predict
   * @param metrics {@code alarm.rate}, {@code latency.p99} in seconds; each only over enough
   *     predictions
   */
  record Served(
      Digest model,
      boolean active,
      boolean held,
      long predictions,
      long failures,
      List<Metric> metrics) {
    /** Share of predictions of another than the first class. */
    public static final String ALARM_RATE = "alarm.rate";

    /** Seconds that one prediction in a hundred takes longer than. */
    public static final String LATENCY_P99 = "latency.p99";

    public Served {
      metrics = List.copyOf(metrics);
    }

    /** A metric by name. */
    public Optional<Metric> metric(String name) {
      return metrics.stream().filter(each -> each.name().equals(name)).findFirst();
    }
  }

  /**
   * The parts that a site predicts are no longer like those it trained on: it asks for rounds of a
   * task that has ended. The header's place is that of the newest plan it knows.
   *
   * @param model global digest of the deployment that predicts them
   * @param method how that was found
   * @param metrics {@code inputs.drifted}, how many signals; {@code inputs.most} and {@code score},
   *     the statistics; each as far as it is watched, over the parts of the window
   */
  record Drift(Digest model, String method, List<Metric> metrics) implements Body {
    /** How many signals drift. */
    public static final String INPUTS_DRIFTED = "inputs.drifted";

    /** The largest statistic of a signal. */
    public static final String INPUTS_MOST = "inputs.most";

    /** The statistic of what the model says. */
    public static final String SCORE = "score";

    public Drift {
      metrics = List.copyOf(metrics);
    }

    @Override
    public Kind kind() {
      return Kind.DRIFT;
    }
  }
}
