// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.util.List;
import java.util.OptionalInt;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.learn.Normalisation;
import org.fedwerk.api.learn.TrainingProgress;
import org.fedwerk.api.message.Body.Plan;
import org.fedwerk.api.message.ReplyKey;
import org.fedwerk.api.model.Exchange;
import org.fedwerk.site.internal.ManifestBook.UseManifest;
import org.fedwerk.site.internal.PersonalBook.Kind;

/**
 * Which cluster a site belongs to, for each version anew: the one whose model has the least loss on
 * its training examples (Ghosh et al. 2020, IFCA, line 7). Where the coordinator parts sites, the
 * one that the plan says, and else the one it had. For the site's one work thread.
 */
final class ClusterChoice {
  /** What choosing is called in the record of what was read. */
  private static final String CHOOSE = "choose cluster";

  /** Its phase: before all that a model is chosen for. */
  private static final int BEFORE_ALL = -5;

  private final Reading reading;
  private final Scoring scoring;
  private final Deployments deployments;
  private final PersonalModels personal;

  ClusterChoice(
      Reading reading, Scoring scoring, Deployments deployments, PersonalModels personal) {
    this.reading = reading;
    this.scoring = scoring;
    this.deployments = deployments;
    this.personal = personal;
  }

  /**
   * Chooses for the plan's model, unless that was done; it is on disk when this returns. Without a
   * training example a site stays where it was.
   *
   * @param travelled the models of all clusters
   */
  void keep(
      KnownTask task,
      ReplyKey key,
      Plan plan,
      float[] travelled,
      Normalisation normalisation,
      TrainingProgress progress)
      throws RefusedException {
    if (!task.task().local().isClustered()) {
      return;
    }
    OptionalInt told = plan.place(key.site());
    if (told.orElse(0) > 0) {
      keep(task, of(key, plan), told.getAsInt() - 1, plan);
    } else if (!isKept(task, plan) && (told.isPresent() || mayChoose(task, plan))) {
      choose(task, key, plan, travelled, normalisation, progress);
    }
  }

  /** A site that was parted from others stays where it was until it is told. */
  private boolean mayChoose(KnownTask task, Plan plan) {
    return task.task().local().split().isEmpty()
        || personal.book().newest(task.digest(), Kind.CLUSTER, plan.model().version()).isEmpty();
  }

  private void choose(
      KnownTask task,
      ReplyKey key,
      Plan plan,
      float[] travelled,
      Normalisation normalisation,
      TrainingProgress progress)
      throws RefusedException {
    List<Example> train = reading.ofRole(task.task().schema(), DataRole.TRAIN);
    if (train.isEmpty()) {
      return;
    }
    ReplyKey of = of(key, plan);
    UseManifest use = reading.begin(of, CHOOSE, plan, train);
    LabelledInputs inputs = reading.inputs(task, use, normalisation);
    int best = best(task, plan, travelled, inputs, progress);
    reading.requireWhole(use);
    keep(task, of, best, plan);
  }

  private static ReplyKey of(ReplyKey key, Plan plan) {
    return new ReplyKey(key.task(), plan.model().version(), key.attempt(), BEFORE_ALL, key.site());
  }

  private void keep(KnownTask task, ReplyKey of, int cluster, Plan plan) {
    if (isKept(task, plan) && personal.cluster(task, plan.model().version()) == cluster) {
      return;
    }
    float[] kept = {cluster, print(plan.model().digest())};
    int oldest = deployments.history(task.digest()).oldest(plan.model().version());
    personal.book().keep(of, Kind.CLUSTER, kept, oldest);
  }

  /** A version that was made again by another attempt is another model. */
  private boolean isKept(KnownTask task, Plan plan) {
    return personal
        .book()
        .exactly(task.digest(), Kind.CLUSTER, plan.model().version())
        .filter(kept -> kept[1] == print(plan.model().digest()))
        .isPresent();
  }

  /** The first three bytes of a digest, which a float32 holds exactly. */
  private static float print(Digest digest) {
    return Integer.parseInt(digest.hex().substring(0, 6), 16);
  }

  private int best(
      KnownTask task,
      Plan plan,
      float[] travelled,
      LabelledInputs inputs,
      TrainingProgress progress) {
    Network network = deployments.network(task);
    Exchange exchange = PersonalModels.exchange(task, network);
    int inUse = plan.clusters().models();
    int models = inUse == 0 ? exchange.clusters() : Math.min(inUse, exchange.clusters());
    int best = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int cluster = 0; cluster < models; cluster++) {
      float[] model = exchange.ofCluster(travelled, cluster);
      double loss = scoring.of(task, network, model, inputs, progress).loss();
      if (loss < least) {
        least = loss;
        best = cluster;
      }
    }
    return best;
  }
}
