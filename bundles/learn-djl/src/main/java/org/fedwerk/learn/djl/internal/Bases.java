// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.djl.internal;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.fedwerk.api.Digest;
import org.fedwerk.api.learn.Layer;

/**
 * TorchScript modules that networks stand on. Each is loaded once, from the bytes that have its
 * digest, and stays until the engine stops. Thread-safe.
 */
final class Bases implements AutoCloseable {
  private final BaseFiles files;
  private final Engine engine;
  private final Device device;
  private final Map<Digest, Model> loaded = new ConcurrentHashMap<>();

  Bases(BaseFiles files, Engine engine, Device device) {
    this.files = files;
    this.engine = engine;
    this.device = device;
  }

  /**
   * A batch's features, which no gradient goes through.
   *
   * @param x [batch x ...]; the result belongs to its manager
   * @return [batch x features]
   * @throws IllegalStateException if the file is not there, is no TorchScript, does not take such
   *     inputs, or gives something else
   */
  NDArray features(Layer.Base base, NDArray x) {
    Model model = loaded.computeIfAbsent(base.file(), this::load);
    NDList given;
    try {
      given =
          model.getBlock().forward(new ParameterStore(x.getManager(), false), new NDList(x), false);
    } catch (EngineException refused) {
      throw new IllegalStateException(
          files.path(base.file()) + " does not take inputs of " + x.getShape(), refused);
    }
    Shape wanted = new Shape(x.getShape().get(0), base.features());
    if (given.size() != 1 || !given.get(0).getShape().equals(wanted)) {
      throw new IllegalStateException(
          files.path(base.file())
              + " gives "
              + (given.size() == 1 ? given.get(0).getShape() : given.size() + " results")
              + ", the task's model.base says "
              + wanted);
    }
    // What comes of inference cannot be part of a gradient's graph; a copy can.
    return given.get(0).duplicate();
  }

  /** Nothing may run any more. */
  @Override
  public void close() {
    loaded.values().forEach(Model::close);
    loaded.clear();
  }

  private Model load(Digest file) {
    Path path = files.path(file);
    Model model = engine.newModel(file.hex(), device);
    try {
      model.load(new ByteArrayInputStream(files.read(file)), Map.of());
      return model;
    } catch (IOException | MalformedModelException | EngineException broken) {
      model.close();
      throw new IllegalStateException(
          path + " cannot be loaded as a TorchScript module: " + broken.getMessage(), broken);
    }
  }
}
