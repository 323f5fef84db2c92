// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.data.Tensor;
import org.fedwerk.api.learn.Network;
import org.fedwerk.learn.internal.NamedArchitectures;
import org.fedwerk.task.internal.YamlTaskReader;

/** A small task with two signals, two steps and two classes, and examples for it. */
final class Tasks {
  static final String PRESS = yaml("press", 1);

  private Tasks() {}

  static String yaml(String name, int seed) {
    return """
        task: %s
        owner: quality
        purpose: tells good parts from bad ones
        seed: %d
        schema:
          name: press
          version: 1
          signals:
            - {name: force, unit: kN, min: -1000, max: 1000}
            - {name: way, unit: mm, min: -1000, max: 1000}
          window: {steps: 2, step: 1s}
          label: {name: result, classes: [good, bad]}
        model: {architecture: mlp, hidden: [3]}
        training: {rate: 0.1, batch: 4}
        rounds: {max: 3, examples-least: 4, stall: 30s}
        egress: {least-count: 2}
        """
        .formatted(name, seed);
  }

  static Digest digest(String yaml) {
    return Digest.of(yaml.getBytes(StandardCharsets.UTF_8));
  }

  static Schema schema() {
    try {
      return new YamlTaskReader().read(PRESS).task().schema();
    } catch (RefusedException refused) {
      throw new IllegalStateException(refused);
    }
  }

  static Network network() {
    try {
      return new NamedArchitectures()
          .network(new YamlTaskReader().read(PRESS).task().model(), schema());
    } catch (RefusedException refused) {
      throw new IllegalStateException(refused);
    }
  }

  static Example example(String serial, int revision, DataRole role) {
    int n = serial.hashCode();
    float[] values = {n % 7, n % 5, n % 3, n % 11};
    return new Example(
        serial,
        Map.of(Example.WINDOW, new Tensor(new int[] {2, 2}, values)),
        Math.floorMod(n, 2),
        revision,
        role);
  }

  /** Examples by role: train, validation, test. */
  static List<Example> examples(int train, int validation, int test) {
    List<Example> all = new ArrayList<>();
    int[] counts = {train, validation, test};
    for (DataRole role : DataRole.values()) {
      for (int i = 0; i < counts[role.ordinal()]; i++) {
        all.add(example(role + "-" + i, 1, role));
      }
    }
    return all;
  }
}
