// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.fedwerk.api.learn.Engine;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.learn.LayoutEntry;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.learn.TrainingGuide;
import org.fedwerk.api.learn.TrainingProgress;
import org.fedwerk.api.learn.TrainingSpec;
import org.fedwerk.api.message.ReplyKey;
import org.fedwerk.api.task.LocalSpec;
import org.fedwerk.site.internal.PersonalBook.Kind;
import org.jspecify.annotations.Nullable;

/**
 * A global model with local nuance: the last layers of an accepted version, trained on at the site
 * before it deploys them. Nothing of it leaves the site.
 */
final class FineTuning {
  private final Engine engine;
  private final PersonalModels models;

  FineTuning(Engine engine, PersonalModels models) {
    this.engine = engine;
    this.models = models;
  }

  /** True if a version is to be fine-tuned and was not; the first one knows nothing yet. */
  boolean isDue(KnownTask task, int version) {
    return version > 0
        && task.task().local().fineTune().isOn()
        && models.book().exactly(task.digest(), Kind.TUNED, version).isEmpty();
  }

  /**
   * Fine-tunes a version; its vector is on disk when this returns.
   *
   * @param key its round is the version
   * @param validation decides which epoch is the best; null if there is no such example, then it is
   *     the last one
   */
  void run(
      KnownTask task,
      Network network,
      ReplyKey key,
      float[] travelled,
      LabelledInputs inputs,
      @Nullable LabelledInputs validation,
      long seed,
      TrainingProgress progress) {
    LocalSpec.FineTune tune = task.task().local().fineTune();
    TrainingSpec spec = task.task().training().with(tune.rate(), tune.epochs(), 0);
    TrainingGuide guide =
        TrainingGuide.of(validation, tune.epochs(), task.task().local().balancedSampling())
            .of(lastLayers(network, tune.layers()));
    float[] start = models.start(task, network, travelled, key.round());
    float[] tuned = engine.train(network, spec, inputs, start, guide, seed, progress).vector();
    models.book().keep(key, Kind.TUNED, tuned, key.round() - PersonalModels.back(task));
  }

  /** The entries of the last layers that have any. */
  private static Set<String> lastLayers(Network network, int count) {
    List<String> layers =
        network.layout().entries().stream().map(FineTuning::layer).distinct().toList();
    List<String> last = layers.subList(Math.max(0, layers.size() - count), layers.size());
    return network.layout().entries().stream()
        .filter(entry -> last.contains(layer(entry)))
        .map(LayoutEntry::name)
        .collect(Collectors.toSet());
  }

  private static String layer(LayoutEntry entry) {
    return entry.name().substring(0, entry.name().indexOf('.'));
  }
}
