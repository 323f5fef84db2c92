// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.routes.internal;

import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;

/** Camel's component {@code fedwerk}: one endpoint for each thing that goes in or out. */
public final class FedwerkComponent extends DefaultComponent {
  /** Its name in URIs. */
  static final String SCHEME = "fedwerk";

  private final Services services;

  FedwerkComponent(Services services) {
    this.services = services;
  }

  @Override
  protected Endpoint createEndpoint(String uri, String name, Map<String, Object> parameters) {
    Options options = new Options(SCHEME + ":" + name, parameters);
    return switch (name) {
      case "samples" -> new SamplesEndpoint(uri, this, services, options);
      case "labels" -> new LabelsEndpoint(uri, this, services, options);
      case "predictions" -> new PredictionsEndpoint(uri, this, services, options);
      case "rounds" -> new RoundsEndpoint(uri, this, services, options);
      case "outbox" -> new OutboxEndpoint(uri, this, services, options);
      case "inbox" -> new InboxEndpoint(uri, this, services, options);
      default ->
          throw new IllegalArgumentException(
              "fedwerk:"
                  + name
                  + " does not exist; use samples, labels, predictions, rounds, outbox or inbox");
    };
  }
}
