// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.internal;

import org.fedwerk.api.RefusedException;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.learn.Architectures;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.task.ModelSpec;
import org.osgi.service.component.annotations.Component;

/** The architectures that a task can name. No state; any thread may call. */
@Component
public final class NamedArchitectures implements Architectures {

  @Override
  public Network network(ModelSpec model, Schema schema) throws RefusedException {
    if (!model.architecture().equals(Mlp.NAME)) {
      throw new RefusedException(
          "model.architecture",
          "there is no architecture \"" + model.architecture() + "\"; known is " + Mlp.NAME);
    }
    return Mlp.network(model.hidden(), schema);
  }

  @Override
  public float[] initial(Network network, long seed) {
    return HeUniform.initial(network, seed);
  }
}
