// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.data.ValuePools;
import org.fedwerk.api.learn.Moments;
import org.fedwerk.api.learn.Normalisation;
import org.fedwerk.api.learn.Preparation;
import org.fedwerk.api.message.Body.Manifest;
import org.fedwerk.api.message.Body.Plan;
import org.fedwerk.api.message.Disclosure;
import org.fedwerk.api.message.ModelReference;
import org.fedwerk.api.message.ReplyKey;
import org.fedwerk.api.task.Task;
import org.fedwerk.site.internal.ManifestBook.UseManifest;

/**
 * The statistics by which all sites of a task standardise: tells this site's, if its owner lets
 * them leave, and makes those of the federation the site's normalisation. For the one work thread.
 */
final class SharedStatistics {
  /** Why nothing is told, by the owner's key. */
  static final String POLICY = "policy, statistics.leave = false";

  private final Reading reading;
  private final Preparation preparation;
  private final Deployments deployments;
  private final Function<Task, Optional<String>> policy;

  /**
   * Over what the work of plans shares.
   *
   * @param policy why the site's owner lets no statistics leave for a task; empty if they may
   */
  SharedStatistics(
      Reading reading,
      Preparation preparation,
      Deployments deployments,
      Function<Task, Optional<String>> policy) {
    this.reading = reading;
    this.preparation = preparation;
    this.deployments = deployments;
    this.policy = policy;
  }

  /** Why the owner's policy keeps a site from a task; empty if it does not. */
  static Optional<String> against(Task task, boolean mayLeave) {
    return mayLeave || !task.standardisesTogether()
        ? Optional.empty()
        : Optional.of(
            POLICY
                + ", and the task wants count, mean and variance of each input (normalisation: "
                + Task.FEDERATED
                + ")");
  }

  /**
   * Count, mean and variance of the training values of each input. Those that fewer than {@code
   * egress.least-count} examples have are told as not there.
   *
   * @throws RefusedException if the owner or the task wants none, or the examples are too few
   */
  Manifest tell(KnownTask task, ReplyKey key, Plan plan) throws RefusedException {
    if (!task.task().standardisesTogether()) {
      throw new RefusedException("request", "the task says nothing of statistics that leave");
    }
    Optional<String> against = policy.apply(task.task());
    if (against.isPresent()) {
      throw new RefusedException("statistics", against.get());
    }
    UseManifest use = reading.begin(task, key, plan, DataRole.TRAIN);
    List<Example> train = reading.examples(task, use);
    int least = Math.max(1, task.task().leastCount());
    if (train.size() < least) {
      throw new RefusedException(
          "examples",
          train.size()
              + " training examples are fewer than egress.least-count = "
              + least
              + ", so no statistics leave");
    }
    List<Moments> moments = preparation.moments(task.task().schema(), train, least);
    reading.requireWhole(use);
    return new Manifest(
        plan.model().digest(),
        List.of(),
        0,
        Disclosure.INDIVIDUAL,
        List.of(),
        Optional.empty(),
        0,
        use.digest(),
        moments,
        Optional.empty());
  }

  /**
   * The normalisation by the statistics that belong to a model; kept as the site's.
   *
   * @throws RefusedException if the model has none, or others than the task's inputs
   */
  Normalisation normalisation(KnownTask task, ModelReference model) throws RefusedException {
    Schema schema = task.task().schema();
    int pools = new ValuePools(schema).count();
    if (model.statistics().size() != pools) {
      throw new RefusedException(
          "model",
          "version "
              + model.version()
              + " comes with statistics of "
              + model.statistics().size()
              + " inputs, the task has "
              + pools);
    }
    Normalisation shared = preparation.normalisation(schema, model.statistics());
    Optional<Normalisation> known = deployments.normalisation(task);
    if (known.filter(each -> isSame(each, shared)).isEmpty()) {
      deployments.normalise(task, shared);
    }
    return shared;
  }

  private static boolean isSame(Normalisation one, Normalisation other) {
    return Arrays.equals(one.mean(), other.mean()) && Arrays.equals(one.scale(), other.scale());
  }
}
