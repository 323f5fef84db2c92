// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.routes.internal;

import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;

/** What the endpoints have in common. */
abstract class FedwerkEndpoint extends DefaultEndpoint {
  private final String name;
  private final Services services;

  FedwerkEndpoint(String uri, FedwerkComponent component, Services services, String name) {
    super(uri, component);
    this.services = services;
    this.name = FedwerkComponent.SCHEME + ":" + name;
  }

  /** Its URI without options. */
  String name() {
    return name;
  }

  Services services() {
    return services;
  }

  @Override
  public Producer createProducer() throws Exception {
    throw new IllegalArgumentException(name + " gives messages and takes none: use it in from");
  }

  @Override
  public Consumer createConsumer(Processor processor) throws Exception {
    throw new IllegalArgumentException(name + " takes messages and gives none: use it in to");
  }

  @Override
  public boolean isSingleton() {
    return true;
  }
}
