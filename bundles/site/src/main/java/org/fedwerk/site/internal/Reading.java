// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.data.ExampleSource;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.learn.Engine;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.learn.Normalisation;
import org.fedwerk.api.learn.Preparation;
import org.fedwerk.api.message.Body.Plan;
import org.fedwerk.api.message.ReplyKey;
import org.fedwerk.api.site.SiteAgent.UsedExample;
import org.fedwerk.site.internal.ManifestBook.UseManifest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The examples that work on plans reads, written down before it begins. For the site's one work
 * thread.
 */
final class Reading {
  private static final Logger log = LoggerFactory.getLogger(Reading.class);

  private final ExampleSource examples;
  private final Preparation preparation;
  private final Engine engine;
  private final ManifestBook manifests;

  Reading(ExampleSource examples, Preparation preparation, Engine engine, ManifestBook manifests) {
    this.examples = examples;
    this.preparation = preparation;
    this.engine = engine;
    this.manifests = manifests;
  }

  /** The examples of a role; for training those that a model may learn from. */
  List<Example> ofRole(Schema schema, DataRole role) {
    return role == DataRole.TRAIN ? normal(schema, role) : all(schema, role);
  }

  /** The examples of a role without those that are known to be defects in anomaly detection. */
  List<Example> normal(Schema schema, DataRole role) {
    return all(schema, role).stream().filter(schema.label()::learnsFrom).toList();
  }

  private List<Example> all(Schema schema, DataRole role) {
    return examples.examples(schema).stream().filter(each -> each.role() == role).toList();
  }

  /** What a phase reads: what it began with before, or else the examples of a role as of now. */
  UseManifest begin(KnownTask task, ReplyKey key, Plan plan, DataRole role) {
    return manifests
        .find(key)
        // Of another model it is what a coordinator asked for that was restored since.
        .filter(known -> known.base().equals(plan.model().digest()))
        .orElseGet(() -> begin(key, plan.request(), plan, ofRole(task.task().schema(), role)));
  }

  /** What a phase reads: what it began with before, or else the given examples. */
  UseManifest beginUnlessKnown(ReplyKey key, String request, Plan plan, List<Example> read) {
    return manifests.find(key).orElseGet(() -> begin(key, request, plan, read));
  }

  /** Writes down what a phase reads. */
  UseManifest begin(ReplyKey key, String request, Plan plan, List<Example> read) {
    UseManifest use =
        new UseManifest(
            key,
            request,
            plan.model().digest(),
            ManifestBook.seed(key),
            engine.description(),
            read.stream()
                .map(each -> new UsedExample(each.serial(), each.labelRevision(), each.role()))
                .toList());
    manifests.add(use);
    return use;
  }

  /** What was worked on must not be used once a part of it was deleted. */
  void requireWhole(UseManifest use) throws RefusedException {
    if (!manifests.find(use.key()).equals(Optional.of(use))) {
      throw gone(use);
    }
  }

  private static RefusedException gone(UseManifest use) {
    log.info("A part that {} was to read is gone or was labelled anew since", use.key());
    return new RefusedException(
        "examples", "a part that this phase began with is gone or was labelled anew since");
  }

  /**
   * The examples as they were when the phase began.
   *
   * @throws RefusedException if one of them is gone or was labelled anew, or if there is none
   */
  List<Example> examples(KnownTask task, UseManifest use) throws RefusedException {
    Schema schema = task.task().schema();
    Map<String, Example> bySerial = new HashMap<>();
    examples.examples(schema).forEach(each -> bySerial.put(each.serial(), each));
    List<Example> wanted = new ArrayList<>();
    for (UsedExample each : use.examples()) {
      Example example = bySerial.get(each.serial());
      if (example != null && each.labelRevision() == 0) {
        // A label that came since is not what the phase began with.
        example = example.unlabelled();
      }
      if (example == null || example.labelRevision() != each.labelRevision()) {
        throw gone(use);
      }
      wanted.add(example);
    }
    if (wanted.isEmpty()) {
      throw new RefusedException("examples", "there is no example for request " + use.request());
    }
    return wanted;
  }

  /** The same as an engine reads them. */
  LabelledInputs inputs(KnownTask task, UseManifest use, Normalisation normalisation)
      throws RefusedException {
    return preparation.inputs(task.task().schema(), normalisation, examples(task, use));
  }
}
