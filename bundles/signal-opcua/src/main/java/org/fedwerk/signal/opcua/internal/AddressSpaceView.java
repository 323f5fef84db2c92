// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.opcua.internal;

import static org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.Unsigned.uint;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.milo.opcua.stack.core.AttributeId;
import org.eclipse.milo.opcua.stack.core.NodeIds;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.ExpandedNodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.QualifiedName;
import org.eclipse.milo.opcua.stack.core.types.enumerated.BrowseDirection;
import org.eclipse.milo.opcua.stack.core.types.enumerated.BrowseResultMask;
import org.eclipse.milo.opcua.stack.core.types.enumerated.NodeClass;
import org.eclipse.milo.opcua.stack.core.types.enumerated.TimestampsToReturn;
import org.eclipse.milo.opcua.stack.core.types.structured.BrowseDescription;
import org.eclipse.milo.opcua.stack.core.types.structured.BrowseResult;
import org.eclipse.milo.opcua.stack.core.types.structured.ReadValueId;
import org.eclipse.milo.opcua.stack.core.types.structured.ReferenceDescription;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.signal.SignalBrowser.Entry;

/** Browses a connected server. Blocks its caller. */
final class AddressSpaceView {
  private final ServerConnection connection;

  AddressSpaceView(ServerConnection connection) {
    this.connection = connection;
  }

  /** The children of a node; the Objects folder for an empty id. */
  List<Entry> children(String nodeId)
      throws RefusedException, ConnectionProblem, InterruptedException {
    List<ReferenceDescription> references = references(node(nodeId));
    Map<NodeId, String> types = dataTypes(references);
    List<Entry> entries = new ArrayList<>();
    for (ReferenceDescription reference : references) {
      ExpandedNodeId id = reference.getNodeId();
      String type =
          id.toNodeId(connection.namespaces()).map(n -> types.getOrDefault(n, "")).orElse("");
      entries.add(
          new Entry(
              id.absolute(connection.namespaces()).orElse(id).toParseableString(),
              String.valueOf(reference.getBrowseName().getName()),
              String.valueOf(reference.getNodeClass()),
              type));
    }
    return entries;
  }

  private NodeId node(String text) throws RefusedException {
    if (text.isBlank()) {
      return NodeIds.ObjectsFolder;
    }
    try {
      return ExpandedNodeId.parse(text.strip())
          .toNodeId(connection.namespaces())
          .orElseThrow(
              () -> new RefusedException("node id", text + ": the server lacks its namespace"));
    } catch (RuntimeException malformed) {
      throw new RefusedException(
          "node id", text + " is none; write nsu=<namespace URI>;s=<identifier>");
    }
  }

  private List<ReferenceDescription> references(NodeId node)
      throws RefusedException, ConnectionProblem, InterruptedException {
    BrowseResult result =
        connection.await(
            connection
                .client()
                .browseAsync(
                    new BrowseDescription(
                        node,
                        BrowseDirection.Forward,
                        NodeIds.HierarchicalReferences,
                        true,
                        uint(
                            NodeClass.Object.getValue()
                                | NodeClass.Variable.getValue()
                                | NodeClass.Method.getValue()),
                        uint(BrowseResultMask.All.getValue()))));
    List<ReferenceDescription> found = new ArrayList<>();
    while (true) {
      if (!result.getStatusCode().isGood()) {
        throw new RefusedException(
            "node id",
            Problems.nameOf(result.getStatusCode().value()) + " for " + node.toParseableString());
      }
      ReferenceDescription[] some = result.getReferences();
      found.addAll(some == null ? List.of() : Arrays.asList(some));
      if (result.getContinuationPoint() == null || result.getContinuationPoint().isNullOrEmpty()) {
        return found;
      }
      BrowseResult[] more =
          connection
              .await(
                  connection
                      .client()
                      .browseNextAsync(false, List.of(result.getContinuationPoint())))
              .getResults();
      if (more == null || more.length == 0) {
        return found;
      }
      result = more[0];
    }
  }

  private Map<NodeId, String> dataTypes(List<ReferenceDescription> references)
      throws ConnectionProblem, InterruptedException {
    List<NodeId> variables = new ArrayList<>();
    for (ReferenceDescription reference : references) {
      Optional<NodeId> node = reference.getNodeId().toNodeId(connection.namespaces());
      if (reference.getNodeClass() == NodeClass.Variable && node.isPresent()) {
        variables.add(node.get());
      }
    }
    List<DataValue> types = read(variables, AttributeId.DataType);
    Map<NodeId, NodeId> typeOf = new LinkedHashMap<>();
    for (int i = 0; i < variables.size() && i < types.size(); i++) {
      if (types.get(i).value().value() instanceof NodeId type) {
        typeOf.put(variables.get(i), type);
      }
    }
    List<NodeId> distinct = typeOf.values().stream().distinct().toList();
    List<DataValue> names = read(distinct, AttributeId.BrowseName);
    Map<NodeId, String> nameOf = new LinkedHashMap<>();
    for (int i = 0; i < distinct.size() && i < names.size(); i++) {
      if (names.get(i).value().value() instanceof QualifiedName name) {
        nameOf.put(distinct.get(i), String.valueOf(name.getName()));
      }
    }
    Map<NodeId, String> named = new LinkedHashMap<>();
    typeOf.forEach((variable, type) -> named.put(variable, nameOf.getOrDefault(type, "")));
    return named;
  }

  private List<DataValue> read(List<NodeId> nodes, AttributeId attribute)
      throws ConnectionProblem, InterruptedException {
    if (nodes.isEmpty()) {
      return List.of();
    }
    DataValue[] values =
        connection
            .await(
                connection
                    .client()
                    .readAsync(
                        0,
                        TimestampsToReturn.Neither,
                        nodes.stream()
                            .map(
                                n ->
                                    new ReadValueId(
                                        n, attribute.uid(), null, QualifiedName.NULL_VALUE))
                            .toList()))
            .getResults();
    return values == null ? List.of() : Arrays.asList(values);
  }
}
