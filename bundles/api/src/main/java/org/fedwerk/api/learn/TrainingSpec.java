// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.learn;

import java.util.List;

/**
 * How a site trains, as the task says. An optimizer's state starts at zero every round.
 *
 * @param optimizer {@code sgd}, {@code adam} (Kingma and Ba 2015) or {@code adamw} (Loshchilov and
 *     Hutter 2019); Adam's with beta 0.9 and 0.999, epsilon 1e-8 and correction of the bias
 * @param rate learning rate, above 0
 * @param momentum of {@code sgd}, 0 to below 1
 * @param batch examples per step, at least 1
 * @param epochs passes over the examples per round, at least 1
 * @param balanced true to weight classes by inverse frequency in the site's training examples
 * @param decay pull of each parameter to 0, from 0: added to the gradient, or with {@code adamw}
 *     taken off the parameter
 * @param proximal FedProx' mu (Li et al. 2020), from 0: pull of each parameter to the global model
 *     that the round began with, mu / 2 times the squared distance in the loss
 * @param focal focal loss' gamma (Lin et al. 2017), 0 for none, else from 1: an example's loss is
 *     multiplied by (1 - p)^gamma, p the probability of its class
 * @param loss {@code cross-entropy} of one class, {@code binary-cross-entropy} as mean over classes
 *     of which any may be right; of scaled numbers {@code mse}, {@code mae} or {@code huber} (Huber
 *     1964, with delta 1). Of a window that is rebuilt {@code mse}, the mean over the values that
 *     were there
 * @param classWeights what an example's loss is multiplied by, by class in the order of the schema,
 *     each from 0; empty for 1 each. Not together with {@code balanced}
 */
public record TrainingSpec(
    String optimizer,
    double rate,
    double momentum,
    int batch,
    int epochs,
    boolean balanced,
    double decay,
    double proximal,
    double focal,
    String loss,
    List<Double> classWeights) {
  public TrainingSpec {
    classWeights = List.copyOf(classWeights);
  }

  /** The loss of one class. */
  public static final String CROSS_ENTROPY = "cross-entropy";

  /** The loss of several classes at once. */
  public static final String BINARY_CROSS_ENTROPY = "binary-cross-entropy";

  /** Losses of numbers, the usual one first. */
  public static final List<String> OF_NUMBERS = List.of("mse", "mae", "huber");

  /** The same with another loss. */
  public TrainingSpec withLoss(String other) {
    return with(rate, epochs, proximal, other, balanced, classWeights);
  }

  /** The same with classes weighed by inverse frequency. */
  public TrainingSpec withBalanced() {
    return with(rate, epochs, proximal, loss, true, List.of());
  }

  /** The same with a weight for each class. */
  public TrainingSpec withClassWeights(List<Double> weights) {
    return with(rate, epochs, proximal, loss, false, weights);
  }

  /** The same with another learning rate, other epochs and another pull to the global model. */
  public TrainingSpec with(double otherRate, int otherEpochs, double otherProximal) {
    return with(otherRate, otherEpochs, otherProximal, loss, balanced, classWeights);
  }

  private TrainingSpec with(
      double rate,
      int epochs,
      double proximal,
      String loss,
      boolean balanced,
      List<Double> classWeights) {
    return new TrainingSpec(
        optimizer,
        rate,
        momentum,
        batch,
        epochs,
        balanced,
        decay,
        proximal,
        focal,
        loss,
        classWeights);
  }

  /** True if classes do not all weigh the same, or not 1. */
  public boolean weighsClasses() {
    return balanced || !classWeights.isEmpty();
  }

  /** With cross-entropy. */
  public TrainingSpec(
      String optimizer,
      double rate,
      double momentum,
      int batch,
      int epochs,
      boolean balanced,
      double decay,
      double proximal,
      double focal) {
    this(
        optimizer,
        rate,
        momentum,
        batch,
        epochs,
        balanced,
        decay,
        proximal,
        focal,
        CROSS_ENTROPY,
        List.of());
  }

  /** Plain: no decay, no pull to the global model, cross-entropy. */
  public TrainingSpec(
      String optimizer, double rate, double momentum, int batch, int epochs, boolean balanced) {
    this(optimizer, rate, momentum, batch, epochs, balanced, 0, 0, 0);
  }
}
