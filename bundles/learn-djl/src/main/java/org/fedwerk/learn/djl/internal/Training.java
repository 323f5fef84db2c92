// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.djl.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.learn.Layer;
import org.fedwerk.api.learn.LayoutEntry;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.learn.ParameterRole;
import org.fedwerk.api.learn.TrainedVector;
import org.fedwerk.api.learn.TrainingGuide;
import org.fedwerk.api.learn.TrainingProgress;
import org.fedwerk.api.learn.TrainingSpec;
import org.jspecify.annotations.Nullable;

/**
 * One training: batch by batch the gradient of the loss, then the optimizer's step. Runs on the
 * thread that calls {@link #run}.
 */
final class Training implements AutoCloseable {
  static final String STOPPED = "the learning engine was stopped or configured anew";

  /** DJL has one gradient collector per JVM and refuses a second; held for one step's gradient. */
  private static final ReentrantLock COLLECTOR = new ReentrantLock();

  private final NativeEngine.Loaded engine;
  private final Network network;
  private final TrainingSpec spec;
  private final LabelledInputs inputs;
  private final Objective objective;
  private final NDManager manager;
  private final DeviceVector parameters;
  private final Optimizer optimizer;
  private final TrainingGuide guide;
  private final @Nullable DeviceVector anchor;
  private final @Nullable DeviceVector correction;
  private final Set<String> statistics;
  private final ByteBuffer inputBuffer;
  private final ByteBuffer targetBuffer;
  private boolean stopped;

  Training(
      NativeEngine.Loaded engine,
      Network network,
      TrainingSpec spec,
      LabelledInputs inputs,
      float[] start,
      TrainingGuide guide) {
    this.engine = engine;
    this.guide = guide;
    this.network = network;
    this.statistics = statistics(network.layers());
    this.spec = spec;
    this.inputs = inputs;
    this.objective = new Objective(network, spec, inputs);
    LabelledInputs judged = guide.validation();
    int batch =
        Math.min(spec.batch(), Math.max(inputs.count(), judged == null ? 0 : judged.count()));
    this.inputBuffer =
        engine.buffers().take(Math.multiplyExact(batch, ArgumentChecks.inputSize(network)));
    this.targetBuffer = engine.buffers().take(Math.multiplyExact(batch, objective.width()));
    this.manager = engine.newManager();
    this.parameters = DeviceVector.of(manager, engine.buffers(), network.layout(), start);
    this.optimizer = Optimizer.of(spec, manager, network.layout());
    float[] target = guide.anchor() == null ? start : guide.anchor();
    this.anchor = spec.proximal() > 0 ? device(target) : null;
    this.correction = guide.correction() == null ? null : device(guide.correction());
  }

  private DeviceVector device(float[] values) {
    return DeviceVector.of(manager, engine.buffers(), network.layout(), values);
  }

  TrainedVector run(long seed, TrainingProgress progress) {
    CallingThread.prepare(manager);
    int count = inputs.count();
    int perEpoch = (count + spec.batch() - 1) / spec.batch();
    int total = Math.multiplyExact(perEpoch, spec.epochs());
    ExampleOrder order = ExampleOrder.of(inputs, guide.balancedSampling(), seed);
    LabelledInputs judged = guide.validation();
    BestEpoch best =
        judged == null
            ? null
            : new BestEpoch(guide.patience(), meanLoss(judged), parameters.values());
    int done = 0;
    double lossSum = 0;
    for (int epoch = 0; epoch < spec.epochs(); epoch++) {
      int[] examples = order.nextEpoch();
      lossSum = 0;
      for (int from = 0; from < count; from += spec.batch()) {
        int size = Math.min(spec.batch(), count - from);
        float loss = step(done + 1, examples, from, size);
        done++;
        if (!Float.isFinite(loss)) {
          throw diverged("the loss is " + loss + " at step " + done + " of " + total);
        }
        lossSum += (double) loss * size;
        if (!progress.step(done, total)) {
          throw new CancellationException("training was cancelled after step " + done);
        }
      }
      if (best != null && judged != null && !best.goesOn(meanLoss(judged), parameters.values())) {
        break;
      }
    }
    float[] vector = best == null ? parameters.values() : best.vector();
    return new TrainedVector(finite(vector, total), done, lossSum, count);
  }

  /** Mean loss of examples at the parameters as they are; classes weigh alike. */
  private synchronized double meanLoss(LabelledInputs examples) {
    Objective alike = Objective.plain(network, spec, examples);
    int[] order = IntStream.range(0, examples.count()).toArray();
    double sum = 0;
    for (int from = 0; from < order.length; from += spec.batch()) {
      int size = Math.min(spec.batch(), order.length - from);
      fillBuffers(alike, examples, order, from, size);
      try (NDManager scope = manager.newSubManager()) {
        NDArray x = array(scope, inputBuffer, ForwardPass.batch(network, size));
        NDArray target = array(scope, targetBuffer, new Shape(size, alike.width()));
        NDArray outputs = ForwardPass.logits(engine.bases(), network, parameters.tensors(), x);
        sum += size * (double) alike.loss(outputs, target).getFloat();
      }
    }
    return sum / order.length;
  }

  private static float[] finite(float[] vector, int total) {
    for (float value : vector) {
      if (!Float.isFinite(value)) {
        throw diverged("a parameter is " + value + " after step " + total + " of " + total);
      }
    }
    return vector;
  }

  private static ArithmeticException diverged(String what) {
    return new ArithmeticException(
        "training diverged: " + what + "; lower the task's training.rate or training.momentum");
  }

  /** Mean loss of a batch before the step; synchronized so that {@link #stop} waits for its end. */
  private synchronized float step(int number, int[] order, int from, int size) {
    if (stopped) {
      throw new CancellationException(STOPPED);
    }
    fillBuffers(objective, inputs, order, from, size);
    // Everything a step makes is native memory that the garbage collector does not see.
    try (NDManager scope = manager.newSubManager()) {
      NDArray x = array(scope, inputBuffer, ForwardPass.batch(network, size));
      NDArray target = array(scope, targetBuffer, new Shape(size, objective.width()));
      List<NDArray> leaves = leaves(scope);
      List<BatchMoments> moments = new ArrayList<>();
      float loss = backward(leaves, x, target, moments);
      optimizer.begin(number);
      update(scope, leaves);
      moments.forEach(this::keep);
      return loss;
    }
  }

  private static NDArray array(NDManager scope, ByteBuffer buffer, Shape shape) {
    ByteBuffer head = NativeBuffers.head(buffer, (int) shape.size());
    return scope.create(head, shape, DataType.FLOAT32);
  }

  private void fillBuffers(
      Objective compared, LabelledInputs examples, int[] order, int from, int size) {
    int width = ArgumentChecks.inputSize(network);
    FloatBuffer x = inputBuffer.asFloatBuffer();
    FloatBuffer target = targetBuffer.asFloatBuffer();
    float[] row = new float[compared.width()];
    for (int i = 0; i < size; i++) {
      int example = order[from + i];
      x.put(examples.values(), example * width, width);
      compared.target(example, size, row, target);
    }
  }

  /**
   * Fresh tensors over the same memory as the parameters, so that gradients begin at zero and end
   * with the step, and the parameters themselves stay outside of any gradient.
   */
  private List<NDArray> leaves(NDManager scope) {
    List<NDArray> leaves = new ArrayList<>();
    for (int i = 0; i < parameters.tensors().size(); i++) {
      NDArray leaf = parameters.tensors().get(i).stopGradient();
      leaf.attach(scope);
      // MXNet leaves out the gradient of a bias whose weight wants none.
      leaf.setRequiresGradient(isTrained(i) || engine.framework() == Framework.MXNET);
      leaves.add(leaf);
    }
    return leaves;
  }

  private boolean isTrained(int index) {
    LayoutEntry entry = network.layout().entries().get(index);
    boolean wanted = guide.entries().isEmpty() || guide.entries().contains(entry.name());
    boolean learned = entry.role() == ParameterRole.SHARED || entry.role() == ParameterRole.LOCAL;
    return wanted && learned && !statistics.contains(entry.name());
  }

  /** A layer that rests keeps its statistics, too. */
  private void keep(BatchMoments batch) {
    String name = batch.layer().name();
    if (isTrained(index(name + ".weight"))) {
      batch.keep(
          parameters.tensors().get(index(name + ".mean")),
          parameters.tensors().get(index(name + ".variance")));
    }
  }

  private int index(String entry) {
    List<LayoutEntry> entries = network.layout().entries();
    return IntStream.range(0, entries.size())
        .filter(i -> entries.get(i).name().equals(entry))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("the layout has no entry " + entry));
  }

  /** Entries of layers that are kept by no gradient, even where a site keeps them for itself. */
  private static Set<String> statistics(List<Layer> layers) {
    Set<String> names = new HashSet<>();
    for (Layer layer : layers) {
      if (layer instanceof Layer.BatchNorm norm) {
        names.add(norm.name() + ".mean");
        names.add(norm.name() + ".variance");
      } else if (layer instanceof Layer.Residual residual) {
        names.addAll(statistics(residual.body()));
        names.addAll(statistics(residual.shortcut()));
      }
    }
    return names;
  }

  private float backward(
      List<NDArray> leaves, NDArray x, NDArray target, List<BatchMoments> moments) {
    COLLECTOR.lock();
    try (GradientCollector collector = engine.engine().newGradientCollector()) {
      NDArray loss =
          objective.loss(ForwardPass.recorded(engine.bases(), network, leaves, x, moments), target);
      collector.backward(loss);
      return loss.getFloat();
    } finally {
      COLLECTOR.unlock();
    }
  }

  private void update(NDManager scope, List<NDArray> leaves) {
    for (int i = 0; i < leaves.size(); i++) {
      if (isTrained(i)) {
        NDArray gradient = leaves.get(i).getGradient();
        gradient.attach(scope);
        NDArray parameter = parameters.tensors().get(i);
        pull(scope, i, parameter, gradient);
        optimizer.update(i, parameter, gradient);
      }
    }
  }

  /**
   * Weight decay and FedProx as terms of the gradient, which is what they are in the loss; and the
   * correction of SCAFFOLD.
   */
  private void pull(NDManager scope, int index, NDArray parameter, NDArray gradient) {
    if (correction != null) {
      gradient.addi(correction.tensors().get(index));
    }
    if (anchor != null) {
      NDArray away = parameter.sub(anchor.tensors().get(index));
      away.attach(scope);
      gradient.addi(away.muli((float) spec.proximal()));
    }
    if (spec.decay() > 0) {
      boolean decoupled = spec.optimizer().equals("adamw");
      if (decoupled) {
        parameter.muli((float) (1 - spec.rate() * spec.decay()));
      } else {
        NDArray weight = parameter.mul((float) spec.decay());
        weight.attach(scope);
        gradient.addi(weight);
      }
    }
  }

  /** Makes the next step fail with a cancellation; returns when no step is running. */
  synchronized void stop() {
    stopped = true;
  }

  @Override
  public void close() {
    manager.close();
    engine.buffers().giveBack(inputBuffer);
    engine.buffers().giveBack(targetBuffer);
  }
}
