// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.task.internal;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.fedwerk.api.Digest;
import org.fedwerk.api.data.LabelSpec;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.task.ModelSpec;
import org.jspecify.annotations.Nullable;

/** The architecture and its sizes, with what must fit together. */
final class ModelSection {
  static final List<String> KEYS =
      List.of("architecture", "hidden", "kernel", "norm", "base", "budget");

  private static final String FILE = "sha256";
  private static final String FEATURES = "features";
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  /** Features of a base: what a large network for images gives before its last layer. */
  private static final int MOST_FEATURES = 65_536;

  private static final String PARAMETERS = "parameters";
  private static final String BYTES = "bytes-per-round";
  private static final String MILLIS = "milliseconds-per-prediction";

  /** A terabyte, or as many parameters: beyond any model that this program takes. */
  private static final long MOST = 1L << 40;

  private static final String LINEAR = "linear";
  private static final String MLP = "mlp";
  private static final List<String> WITH_KERNEL =
      List.of("cnn1d", ModelSpec.CNN2D, "tcn", "conv-autoencoder");

  private ModelSection() {}

  static ModelSpec read(Mapping model, Schema schema) {
    String architecture =
        model
            .required("architecture", String.join(", ", ModelSpec.ARCHITECTURES))
            .map(value -> value.choice(ModelSpec.ARCHITECTURES))
            .orElse(MLP);
    boolean sound = model.sound("architecture");
    if (sound && model.optional("architecture").isPresent()) {
      goesWith(model, architecture, schema.label());
      takes(model, architecture, schema);
    }
    return new ModelSpec(
        architecture,
        hidden(model, architecture, sound),
        kernel(model, architecture, sound),
        norm(model, architecture, sound),
        base(model, architecture, sound),
        budget(model.optionalGroup("budget", List.of(PARAMETERS, BYTES, MILLIS))));
  }

  /** What is normal is learned by rebuilding windows, and nothing else is. */
  private static void goesWith(Mapping model, String architecture, LabelSpec label) {
    boolean rebuilds = ModelSpec.AUTOENCODERS.contains(architecture);
    if (rebuilds && !label.isAnomaly()) {
      model.refuse(
          "architecture",
          architecture
              + " rebuilds windows, which goes with schema.label.kind anomaly, not "
              + label.kind());
    } else if (!rebuilds && label.isAnomaly()) {
      model.refuse(
          "architecture",
          architecture
              + " does not go with schema.label.kind anomaly; use "
              + String.join(" or ", ModelSpec.AUTOENCODERS));
    }
  }

  private static void takes(Mapping model, String architecture, Schema schema) {
    boolean isImage = schema.image() != null;
    if (isImage && !ModelSpec.OF_IMAGES.contains(architecture)) {
      model.refuse(
          "architecture",
          architecture
              + " takes windows, and schema.image says images; use one of "
              + String.join(", ", ModelSpec.OF_IMAGES));
    } else if (!isImage && architecture.equals(ModelSpec.CNN2D)) {
      model.refuse(
          "architecture",
          architecture + " takes images, and the schema has windows; use cnn1d, or schema.image");
    }
  }

  private static ModelSpec.Budget budget(Mapping budget) {
    double millis =
        budget
            .optional(MILLIS)
            .map(
                value -> value.number("a number above 0, at most 60000", x -> x > 0 && x <= 6e4, 1))
            .orElse(Double.POSITIVE_INFINITY);
    return new ModelSpec.Budget(most(budget, PARAMETERS), most(budget, BYTES), millis);
  }

  private static long most(Mapping budget, String key) {
    return budget.optional(key).map(value -> value.whole(1, MOST)).orElse(Long.MAX_VALUE);
  }

  private static List<Integer> hidden(Mapping model, String architecture, boolean sound) {
    boolean linear = architecture.equals(LINEAR);
    Optional<Value> given =
        linear
            ? model.optional("hidden")
            : model.required("hidden", "the sizes of the hidden layers, [] for none");
    List<Integer> sizes =
        given.map(value -> value.items(0, 8, "layers")).orElse(List.of()).stream()
            .map(value -> (int) value.whole(1, 4096))
            .toList();
    if (sound && given.isPresent() && model.sound("hidden")) {
      if (linear && !sizes.isEmpty()) {
        model.refuse("hidden", "a linear model has no hidden layers; leave it out or take mlp");
      } else if (!linear && !architecture.equals(MLP) && sizes.isEmpty()) {
        model.refuse("hidden", "is empty; give " + architecture + " at least one size");
      }
    }
    return sizes;
  }

  private static boolean norm(Mapping model, String architecture, boolean sound) {
    Optional<Value> given = model.optional("norm");
    boolean norm =
        given.map(value -> value.choice(List.of("batch", "none"))).orElse("none").equals("batch");
    if (norm && sound && !ModelSpec.WITH_NORM.contains(architecture)) {
      model.refuse(
          "norm", "is for " + String.join(", ", ModelSpec.WITH_NORM) + ", not for " + architecture);
      return false;
    }
    return norm;
  }

  private static ModelSpec.@Nullable Base base(Mapping model, String architecture, boolean sound) {
    Optional<Value> given = model.optional("base");
    if (given.isEmpty()) {
      return null;
    }
    if (sound && !ModelSpec.ON_A_BASE.contains(architecture)) {
      model.refuse(
          "base", "is for " + String.join(", ", ModelSpec.ON_A_BASE) + ", not for " + architecture);
    }
    Mapping base = given.get().mapping(List.of(FILE, FEATURES));
    String wanted = "the SHA-256 of a TorchScript file, 64 digits of 0-9 and a-f, in quotes";
    String file = base.required(FILE, wanted).map(value -> value.word(SHA256, wanted)).orElse("");
    int features =
        base.required(FEATURES, "the numbers that the file gives per example")
            .map(value -> (int) value.whole(1, MOST_FEATURES))
            .orElse(1);
    return SHA256.matcher(file).matches() ? new ModelSpec.Base(new Digest(file), features) : null;
  }

  private static int kernel(Mapping model, String architecture, boolean sound) {
    Optional<Value> given = model.optional("kernel");
    if (given.isPresent() && sound && !WITH_KERNEL.contains(architecture)) {
      model.refuse(
          "kernel", "is for " + String.join(", ", WITH_KERNEL) + ", not for " + architecture);
      return ModelSpec.KERNEL;
    }
    int kernel = given.map(value -> (int) value.whole(1, 63)).orElse(ModelSpec.KERNEL);
    if (kernel % 2 == 0 && model.sound("kernel")) {
      model.refuse("kernel", kernel + " is even; use an odd number from 1 to 63");
    }
    return kernel;
  }
}
