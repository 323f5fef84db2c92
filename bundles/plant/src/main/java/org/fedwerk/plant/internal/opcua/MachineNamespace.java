// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.plant.internal.opcua;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.milo.opcua.sdk.core.AccessLevel;
import org.eclipse.milo.opcua.sdk.core.Reference;
import org.eclipse.milo.opcua.sdk.server.ManagedNamespaceWithLifecycle;
import org.eclipse.milo.opcua.sdk.server.OpcUaServer;
import org.eclipse.milo.opcua.sdk.server.items.DataItem;
import org.eclipse.milo.opcua.sdk.server.items.MonitoredDataItem;
import org.eclipse.milo.opcua.sdk.server.items.MonitoredItem;
import org.eclipse.milo.opcua.sdk.server.nodes.UaFolderNode;
import org.eclipse.milo.opcua.sdk.server.nodes.UaNode;
import org.eclipse.milo.opcua.sdk.server.nodes.UaVariableNode;
import org.eclipse.milo.opcua.stack.core.AttributeId;
import org.eclipse.milo.opcua.stack.core.NodeIds;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.LocalizedText;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.eclipse.milo.opcua.stack.core.types.builtin.Variant;
import org.fedwerk.plant.process.ProcessSignal;

/**
 * The machine's variables: Objects/Machine with the part's serial and one variable per signal.
 * Values go straight into the monitored items; nothing polls them.
 */
final class MachineNamespace extends ManagedNamespaceWithLifecycle {
  private final Map<NodeId, PushedSignal> byNode = new LinkedHashMap<>();
  private final Map<String, PushedSignal> byName = new LinkedHashMap<>();

  MachineNamespace(OpcUaServer server, String uri, List<ProcessSignal> signals) {
    super(server, uri);
    getLifecycleManager().addStartupTask(() -> makeNodes(signals));
  }

  private void makeNodes(List<ProcessSignal> signals) {
    UaFolderNode folder =
        new UaFolderNode(
            getNodeContext(),
            newNodeId("Machine"),
            newQualifiedName("Machine"),
            LocalizedText.english("Machine"));
    folder.addReference(
        new Reference(
            folder.getNodeId(), NodeIds.Organizes, NodeIds.ObjectsFolder.expanded(), false));
    getNodeManager().addNode(folder);
    variable(folder, new ProcessSignal(PlantServer.SERIAL, ""), NodeIds.String);
    signals.forEach(signal -> variable(folder, signal, NodeIds.Double));
  }

  private void variable(UaFolderNode folder, ProcessSignal signal, NodeId type) {
    UaVariableNode node =
        UaVariableNode.build(
            getNodeContext(),
            builder ->
                builder
                    .setNodeId(newNodeId("Machine." + signal.nodeName()))
                    .setBrowseName(newQualifiedName(signal.nodeName()))
                    .setDisplayName(LocalizedText.english(signal.name()))
                    .setDescription(LocalizedText.english(signal.unit()))
                    .setDataType(type)
                    .setTypeDefinition(NodeIds.BaseDataVariableType)
                    .setAccessLevel(AccessLevel.READ_ONLY)
                    .setUserAccessLevel(AccessLevel.READ_ONLY)
                    .setMinimumSamplingInterval(0.0)
                    .build());
    node.setValue(
        new DataValue(
            Variant.NULL_VALUE, new StatusCode(StatusCodes.Bad_WaitingForInitialData), null));
    getNodeManager().addNode(node);
    folder.addOrganizes(node);
    PushedSignal pushed = new PushedSignal(node);
    byNode.put(node.getNodeId(), pushed);
    byName.put(signal.name(), pushed);
  }

  /** By signal name, in the order of the process, the serial first. */
  Map<String, PushedSignal> signals() {
    return byName;
  }

  @Override
  public void onDataItemsCreated(List<DataItem> items) {
    for (DataItem item : items) {
      PushedSignal signal = byNode.get(item.getReadValueId().getNodeId());
      AttributeId attribute =
          AttributeId.from(item.getReadValueId().getAttributeId()).orElse(AttributeId.Value);
      if (signal != null
          && attribute == AttributeId.Value
          && item instanceof MonitoredDataItem data) {
        signal.add(data);
      } else {
        // Names and types never change here, so one value is all there is to tell.
        getNodeManager()
            .getNode(item.getReadValueId().getNodeId())
            .ifPresent(node -> item.setValue(attribute(node, attribute)));
      }
    }
  }

  private static DataValue attribute(UaNode node, AttributeId attribute) {
    return new DataValue(new Variant(node.getAttribute(attribute)));
  }

  @Override
  public void onDataItemsModified(List<DataItem> items) {
    // Queue size and mode are asked of the item at every value.
  }

  @Override
  public void onDataItemsDeleted(List<DataItem> items) {
    for (DataItem item : items) {
      PushedSignal signal = byNode.get(item.getReadValueId().getNodeId());
      if (signal != null) {
        signal.remove(item);
      }
    }
  }

  @Override
  public void onMonitoringModeChanged(List<MonitoredItem> items) {
    // As above.
  }
}
