// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.internal;

import org.fedwerk.api.RefusedException;
import org.fedwerk.api.data.LabelSpec;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.data.Target;
import org.fedwerk.api.learn.Architectures;
import org.fedwerk.api.learn.Layer;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.task.ModelSpec;
import org.osgi.service.component.annotations.Component;

/** The architectures that a task can name. No state; any thread may call. */
@Component
public final class NamedArchitectures implements Architectures {

  @Override
  public Network network(ModelSpec model, Schema schema) throws RefusedException {
    LabelSpec label = schema.label();
    if (ModelSpec.AUTOENCODERS.contains(model.architecture()) != label.isAnomaly()) {
      throw new RefusedException(
          "model.architecture",
          model.architecture()
              + " does not go with schema.label.kind "
              + label.kind()
              + "; what is normal is learned by "
              + String.join(" or ", ModelSpec.AUTOENCODERS)
              + ", and nothing else is");
    }
    goesWith(model, schema);
    if (model.norm() && !ModelSpec.WITH_NORM.contains(model.architecture())) {
      throw new RefusedException(
          "model.norm", "is for " + String.join(", ", ModelSpec.WITH_NORM) + "; leave it out");
    }
    if (model.base() != null && !ModelSpec.ON_A_BASE.contains(model.architecture())) {
      throw new RefusedException(
          "model.base", "is for " + String.join(", ", ModelSpec.ON_A_BASE) + "; leave it out");
    }
    return network(model, schema.inputShape(), label.outputs()).with(head(label.target().kind()));
  }

  private static void goesWith(ModelSpec model, Schema schema) throws RefusedException {
    boolean isImage = schema.image() != null;
    if (isImage
        && ModelSpec.ARCHITECTURES.contains(model.architecture())
        && !ModelSpec.OF_IMAGES.contains(model.architecture())) {
      throw new RefusedException(
          "model.architecture",
          model.architecture()
              + " takes windows, and schema.image says images; take one of "
              + String.join(", ", ModelSpec.OF_IMAGES));
    }
    if (!isImage && model.architecture().equals(ModelSpec.CNN2D)) {
      throw new RefusedException(
          "model.architecture",
          "cnn2d takes images, and the schema has windows of signals; take cnn1d, or give"
              + " schema.image");
    }
  }

  private static Network.Head head(Target.Kind kind) {
    return switch (kind) {
      case CLASS -> Network.Head.SOFTMAX;
      case CLASSES -> Network.Head.SIGMOID;
      case VALUE -> Network.Head.IDENTITY;
      case ANOMALY -> Network.Head.RECONSTRUCTION;
    };
  }

  private static Network network(ModelSpec model, int[] shape, int outputs)
      throws RefusedException {
    return switch (model.architecture()) {
      case "linear" -> linear(model, shape, outputs);
      case "mlp" -> Mlp.network(model, shape, outputs);
      case "cnn1d" -> Convolutions.strided(model, shape, outputs);
      case ModelSpec.CNN2D -> Convolutions.ofImages(model, shape, outputs);
      case "tcn" -> Convolutions.temporal(model, shape, outputs);
      case "lstm" -> Recurrences.network(Layer.Cell.LSTM, model.hidden(), shape, outputs);
      case "gru" -> Recurrences.network(Layer.Cell.GRU, model.hidden(), shape, outputs);
      case "autoencoder" -> Autoencoders.dense(model, shape);
      case "conv-autoencoder" -> Autoencoders.convolutional(model, shape);
      default ->
          throw new RefusedException(
              "model.architecture",
              "there is no architecture \""
                  + model.architecture()
                  + "\"; known are "
                  + String.join(", ", ModelSpec.ARCHITECTURES));
    };
  }

  private static Network linear(ModelSpec model, int[] shape, int outputs) throws RefusedException {
    if (!model.hidden().isEmpty()) {
      throw new RefusedException(
          Sizes.KEY, "has " + model.hidden().size() + " layers, a linear model has none; take mlp");
    }
    return Mlp.network(model, shape, outputs);
  }

  @Override
  public float[] initial(Network network, long seed) {
    return FirstVector.initial(network, seed);
  }
}
