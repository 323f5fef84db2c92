// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.djl.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Activation;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.learn.Predictor;

/**
 * Predicts with parameters of its own. None of its tensors requires a gradient, so nothing is
 * recorded for one whatever the thread's gradient mode is, and no training is waited for.
 */
final class DjlPredictor implements Predictor {
  /** Native memory stays bounded however many examples come at once. */
  private static final int MOST_ROWS = 256;

  /** 16 MiB of inputs, so that of large images fewer go at once. */
  private static final int MOST_VALUES = 4 << 20;

  private final Network network;
  private final NativeBuffers buffers;
  private final Bases bases;
  private final NDManager manager;
  private final DeviceVector parameters;
  private final Consumer<DjlPredictor> onClose;
  private boolean closed;

  DjlPredictor(
      NativeEngine.Loaded engine, Network network, float[] vector, Consumer<DjlPredictor> onClose) {
    this.network = network;
    this.onClose = onClose;
    this.buffers = engine.buffers();
    this.bases = engine.bases();
    this.manager = engine.newManager();
    this.parameters = DeviceVector.of(manager, buffers, network.layout(), vector);
  }

  /** Synchronized against {@link #close} by an engine that stops; else one thread calls. */
  @Override
  public synchronized float[] predict(int count, float[] values) {
    if (closed) {
      throw new IllegalStateException("this predictor is closed; make a new one");
    }
    ArgumentChecks.values(network, count, values);
    CallingThread.prepare(manager);
    float[] probabilities = new float[Math.multiplyExact(count, network.outputs())];
    int most = Math.max(1, Math.min(MOST_ROWS, MOST_VALUES / ArgumentChecks.inputSize(network)));
    for (int from = 0; from < count; from += most) {
      int rows = Math.min(most, count - from);
      float[] part = forward(values, from, rows);
      System.arraycopy(part, 0, probabilities, from * network.outputs(), part.length);
    }
    return probabilities;
  }

  private float[] forward(float[] values, int from, int rows) {
    int width = ArgumentChecks.inputSize(network);
    int floats = Math.multiplyExact(rows, width);
    ByteBuffer buffer = buffers.take(floats);
    buffer.asFloatBuffer().put(values, from * width, floats);
    try (NDManager scope = manager.newSubManager()) {
      NDArray x =
          scope.create(
              NativeBuffers.head(buffer, floats),
              ForwardPass.batch(network, rows),
              DataType.FLOAT32);
      return head(ForwardPass.logits(bases, network, parameters.tensors(), x)).toFloatArray();
    } finally {
      buffers.giveBack(buffer);
    }
  }

  private NDArray head(NDArray outputs) {
    return switch (network.head()) {
      case SOFTMAX -> outputs.softmax(-1);
      case SIGMOID -> Activation.sigmoid(outputs);
      case IDENTITY, RECONSTRUCTION -> outputs;
    };
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      manager.close();
      onClose.accept(this);
    }
  }
}
