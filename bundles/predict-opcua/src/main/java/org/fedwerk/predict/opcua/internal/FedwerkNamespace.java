// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.predict.opcua.internal;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.eclipse.milo.opcua.sdk.server.ManagedNamespaceWithLifecycle;
import org.eclipse.milo.opcua.sdk.server.OpcUaServer;
import org.eclipse.milo.opcua.sdk.server.items.DataItem;
import org.eclipse.milo.opcua.sdk.server.items.MonitoredItem;
import org.eclipse.milo.opcua.sdk.server.nodes.UaNode;
import org.eclipse.milo.opcua.sdk.server.nodes.UaObjectNode;
import org.eclipse.milo.opcua.sdk.server.nodes.UaVariableNode;
import org.eclipse.milo.opcua.stack.core.AttributeId;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.DateTime;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.eclipse.milo.opcua.stack.core.types.builtin.Variant;
import org.eclipse.milo.opcua.stack.core.types.enumerated.TimestampsToReturn;
import org.eclipse.milo.opcua.stack.core.types.structured.ReadValueId;
import org.fedwerk.api.predict.Prediction;

/**
 * Objects/Fedwerk: types from the NodeSet, and the objects of every task. Values go straight into
 * the monitored items; nothing polls them. One lock makes a prediction's values change together for
 * whoever reads several at once. Any thread.
 */
final class FedwerkNamespace extends ManagedNamespaceWithLifecycle {
  static final String URI = "urn:fedwerk:opcua";
  private static final String NODE_SET = "Fedwerk.NodeSet2.xml";

  private final Object lock = new Object();
  private final Map<NodeId, PushedVariable> variables = new HashMap<>();
  private final NodeSet types;
  private final TypeNodes nodes;
  private final ResultEncoder results;

  /**
   * Makes the types.
   *
   * @throws IOException if the NodeSet is not as it should be
   */
  FedwerkNamespace(OpcUaServer server) throws IOException {
    super(server, URI);
    try (InputStream xml =
        Objects.requireNonNull(
            FedwerkNamespace.class.getResourceAsStream(NODE_SET), "the bundle lacks " + NODE_SET)) {
      types = NodeSetReader.read(xml, server.getNamespaceTable()::add);
    }
    nodes = new TypeNodes(getNodeContext());
    startup();
    nodes.addAll(types);
    results = ResultEncoder.of(server, types.named("ResultDataType"));
  }

  /** Shows the states of a task; makes its nodes if they are not there. */
  void showStates(ShownTask shown, Instant since) {
    synchronized (lock) {
      makeNodes(shown.task());
      String model = "Models." + shown.task();
      write(model + ".State", good(shown.deploymentWord(), since));
      write(model + ".Detail", good(shown.detail(), since));
      write("LearningJobs." + shown.task() + ".State", good(shown.learningWord(), since));
    }
  }

  private static DataValue good(String text, Instant since) {
    return new DataValue(
        Variant.ofString(text), StatusCode.GOOD, new DateTime(since), DateTime.now());
  }

  /** Shows a prediction in all its nodes; makes them if they are not there. */
  void showPrediction(ShownTask shown, Prediction prediction) {
    Map<String, Object> fields = ResultEncoder.fields(prediction, shown.deploymentWord());
    StatusCode status =
        switch (prediction.trust()) {
          case GOOD -> StatusCode.GOOD;
          case UNCERTAIN -> StatusCode.UNCERTAIN;
          case BAD -> StatusCode.BAD;
        };
    DateTime source = new DateTime(prediction.sourceTime());
    DateTime now = DateTime.now();
    Variant result = Variant.ofExtensionObject(results.encode(fields));
    synchronized (lock) {
      makeNodes(shown.task());
      String model = "Models." + shown.task();
      for (NodeSet.Node declared : types.variablesOf(types.named("ModelType"))) {
        Object field = fields.get(declared.name());
        if (field != null) {
          write(
              model + "." + declared.name(), new DataValue(Variant.of(field), status, source, now));
        }
      }
      write(
          model + ".Value",
          new DataValue(Variant.ofDouble(prediction.value()), status, source, now));
      write(
          model + ".Alarm",
          new DataValue(Variant.ofBoolean(prediction.alarm()), status, source, now));
      write(model + ".Result", new DataValue(result, status, source, now));
    }
  }

  private void makeNodes(String task) {
    if (!getNodeManager().containsNode(newNodeId("Models." + task))) {
      makeObject("Models", "ModelType", task);
      makeObject("LearningJobs", "LearningJobType", task);
    }
  }

  private void makeObject(String folder, String type, String task) {
    NodeSet.Node declared = types.named(type);
    String path = folder + "." + task;
    UaObjectNode object = nodes.instance(declared, newNodeId(path), task, types.named(folder));
    for (NodeSet.Node variable : types.variablesOf(declared)) {
      UaVariableNode node =
          nodes.component(object, variable, newNodeId(path + "." + variable.name()));
      node.setValue(
          new DataValue(
              Variant.NULL_VALUE, new StatusCode(StatusCodes.Bad_WaitingForInitialData), null));
      variables.put(node.getNodeId(), new PushedVariable(node));
    }
  }

  private void write(String node, DataValue value) {
    Objects.requireNonNull(variables.get(newNodeId(node)), node).write(value);
  }

  @Override
  public List<DataValue> read(
      ReadContext context,
      Double maxAge,
      TimestampsToReturn timestamps,
      List<ReadValueId> readValueIds) {
    synchronized (lock) {
      return super.read(context, maxAge, timestamps, readValueIds);
    }
  }

  @Override
  public void onDataItemsCreated(List<DataItem> items) {
    synchronized (lock) {
      for (DataItem item : items) {
        ReadValueId watched = item.getReadValueId();
        PushedVariable variable = variables.get(watched.getNodeId());
        AttributeId attribute =
            AttributeId.from(watched.getAttributeId()).orElse(AttributeId.Value);
        if (attribute != AttributeId.Value) {
          // Names and types never change, so one value is all there is to tell.
          getNodeManager()
              .getNode(watched.getNodeId())
              .ifPresent(node -> item.setValue(attribute(node, attribute)));
        } else if (variable != null) {
          variable.add(item);
        }
      }
    }
  }

  private static DataValue attribute(UaNode node, AttributeId attribute) {
    return new DataValue(Variant.of(node.getAttribute(attribute)));
  }

  @Override
  public void onDataItemsModified(List<DataItem> items) {
    // Milo keeps the queue itself; sampling intervals mean nothing to values that are pushed.
  }

  @Override
  public void onDataItemsDeleted(List<DataItem> items) {
    synchronized (lock) {
      for (DataItem item : items) {
        PushedVariable variable = variables.get(item.getReadValueId().getNodeId());
        if (variable != null) {
          variable.remove(item);
        }
      }
    }
  }

  @Override
  public void onMonitoringModeChanged(List<MonitoredItem> items) {
    synchronized (lock) {
      for (MonitoredItem item : items) {
        PushedVariable variable = variables.get(item.getReadValueId().getNodeId());
        if (variable != null && item instanceof DataItem data) {
          variable.catchUp(data);
        }
      }
    }
  }
}
