// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.routes.internal;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.ServiceStatus;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RedeliveryPolicyDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.errorhandler.DefaultErrorHandlerDefinition;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/** The routes of one file, in a Camel context of their own, so that they disturb no others. */
final class RouteFile implements AutoCloseable {
  private static final long STOP_SECONDS = 10;

  private final ModelCamelContext context;

  /** Routes that cannot be read or started, and why. */
  static final class Broken extends Exception {
    private static final long serialVersionUID = 1L;

    Broken(String why, Throwable cause) {
      super(why, cause);
    }
  }

  /** Where contexts come from, and what their routes may use. */
  record Ground(
      Supplier<? extends ModelCamelContext> contexts,
      Services services,
      Map<String, String> properties) {
    Ground {
      properties = Map.copyOf(properties);
    }
  }

  private RouteFile(ModelCamelContext context) {
    this.context = context;
  }

  /**
   * Reads routes; nothing runs yet.
   *
   * @param name the file's name; its end says whether it is YAML or XML
   */
  static RouteFile read(String name, String text, Ground ground) throws Broken {
    ModelCamelContext context = ground.contexts().get();
    try {
      prepare(context, name, ground);
      PluginHelper.getRoutesLoader(context)
          .loadRoutes(ResourceHelper.fromString(name.replaceAll("\\.yml$", ".yaml"), text));
      if (context.getRouteDefinitions().isEmpty()) {
        throw new IllegalArgumentException("it holds no route");
      }
      return new RouteFile(context);
    } catch (Exception failed) {
      String why = Complaint.of(failed, List.of());
      context.stop();
      throw new Broken(why, failed);
    }
  }

  private static void prepare(ModelCamelContext context, String name, Ground ground) {
    context.getCamelContextExtension().setName("fedwerk-" + name);
    context.addComponent(FedwerkComponent.SCHEME, new FedwerkComponent(ground.services()));
    context.setSourceLocationEnabled(true);
    context.getShutdownStrategy().setTimeout(STOP_SECONDS);
    context.getShutdownStrategy().setShutdownNowOnTimeout(true);
    ground
        .properties()
        .forEach((key, value) -> context.getPropertiesComponent().addInitialProperty(key, value));
    // A line for the operator, and no stack trace.
    RedeliveryPolicyDefinition policy = new RedeliveryPolicyDefinition();
    policy.setLogStackTrace("false");
    policy.setLogExhaustedMessageHistory("false");
    DefaultErrorHandlerDefinition errors = new DefaultErrorHandlerDefinition();
    errors.setRedeliveryPolicy(policy);
    context.getCamelContextExtension().setErrorHandlerFactory(errors);
  }

  /** Starts the routes; it cannot be started a second time. */
  void start() throws Broken {
    List<RouteDefinition> routes = context.getRouteDefinitions();
    try {
      // One by one, for a context that starts its routes by itself logs a stack trace of its own.
      context.setAutoStartup(false);
      context.start();
      for (RouteDefinition route : routes) {
        if (!"false".equals(route.getAutoStartup())) {
          context.getRouteController().startRoute(route.getRouteId());
        }
      }
    } catch (Exception failed) {
      throw new Broken(Complaint.of(failed, routes), failed);
    }
  }

  /** How many of its routes run. */
  long running() {
    return context.getRoutes().stream()
        .filter(
            route ->
                context.getRouteController().getRouteStatus(route.getRouteId())
                    == ServiceStatus.Started)
        .count();
  }

  /** How many routes it has. */
  int routes() {
    return context.getRouteDefinitions().size();
  }

  /** The context, for tests. */
  CamelContext context() {
    return context;
  }

  /** Lets exchanges that are under way come to their end, for some seconds. */
  @Override
  public void close() {
    context.stop();
  }
}
