// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import org.fedwerk.api.learn.Architectures;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.model.Exchange;
import org.fedwerk.api.task.LocalSpec;
import org.fedwerk.site.internal.PersonalBook.Kind;

/**
 * What a site runs of a global model: the model itself, with layers of its own in place of those
 * that it did not get, or its personal model instead. Thread-safe.
 */
final class PersonalModels {
  private static final int SLACK = 2;

  private final PersonalBook book;
  private final Architectures architectures;

  PersonalModels(PersonalBook book, Architectures architectures) {
    this.book = book;
    this.architectures = architectures;
  }

  PersonalBook book() {
    return book;
  }

  /** What a task exchanges. */
  static Exchange exchange(KnownTask task, Network network) {
    return Exchange.of(network, task.task().local());
  }

  /**
   * The network's vector with which a site begins to train: the global model, and its own layers of
   * an earlier round or, before there are any, those of the task's seed.
   *
   * @param round the newest round whose layers are taken; with clusters the version
   */
  float[] start(KnownTask task, Network network, float[] travelled, int round) {
    LocalSpec local = task.task().local();
    if (local.isClustered()) {
      return exchange(task, network).ofCluster(travelled, cluster(task, round));
    }
    if (local.layers().isEmpty() && !local.scaffold()) {
      return travelled;
    }
    Exchange exchange = exchange(task, network);
    float[] own =
        book.newest(task.digest(), Kind.LAYERS, round)
            .orElseGet(() -> exchange.local(architectures.initial(network, task.task().seed())));
    return exchange.whole(travelled, own);
  }

  /** The cluster, from 0, whose model of a version this site runs. */
  int cluster(KnownTask task, int version) {
    return book.newest(task.digest(), Kind.CLUSTER, version).map(kept -> (int) kept[0]).orElse(0);
  }

  /** How far back a version may lie that is deployed in the end. */
  static int back(KnownTask task) {
    return Math.max(task.task().rounds().patience(), task.task().rounds().least()) + SLACK;
  }

  /** From which anomaly score on a part is an alarm; NaN for a task or version without one. */
  double threshold(KnownTask task, int version) {
    return book.exactly(task.digest(), Kind.THRESHOLD, version)
        .map(kept -> (double) kept[0])
        .orElse(Double.NaN);
  }

  /** The network's vector with which a site evaluates and predicts. */
  float[] runs(KnownTask task, Network network, float[] travelled, int version) {
    float[] global = start(task, network, travelled, version);
    if (task.task().local().isDitto()) {
      return book.newest(task.digest(), Kind.MODEL, version).orElse(global);
    }
    return task.task().local().fineTune().isOn()
        ? book.exactly(task.digest(), Kind.TUNED, version).orElse(global)
        : global;
  }
}
