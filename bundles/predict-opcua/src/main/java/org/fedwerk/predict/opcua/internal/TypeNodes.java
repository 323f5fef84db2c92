// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.predict.opcua.internal;

import static org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.Unsigned.uint;

import java.util.List;
import org.eclipse.milo.opcua.sdk.core.AccessLevel;
import org.eclipse.milo.opcua.sdk.core.Reference;
import org.eclipse.milo.opcua.sdk.server.nodes.UaDataTypeNode;
import org.eclipse.milo.opcua.sdk.server.nodes.UaNode;
import org.eclipse.milo.opcua.sdk.server.nodes.UaNodeContext;
import org.eclipse.milo.opcua.sdk.server.nodes.UaObjectNode;
import org.eclipse.milo.opcua.sdk.server.nodes.UaObjectTypeNode;
import org.eclipse.milo.opcua.sdk.server.nodes.UaVariableNode;
import org.eclipse.milo.opcua.stack.core.NodeIds;
import org.eclipse.milo.opcua.stack.core.types.builtin.LocalizedText;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.QualifiedName;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UInteger;
import org.eclipse.milo.opcua.stack.core.types.enumerated.StructureType;
import org.eclipse.milo.opcua.stack.core.types.structured.StructureDefinition;
import org.eclipse.milo.opcua.stack.core.types.structured.StructureField;

/** Makes Milo's nodes of a NodeSet. */
final class TypeNodes {
  private final UaNodeContext context;

  TypeNodes(UaNodeContext context) {
    this.context = context;
  }

  void addAll(NodeSet set) {
    for (NodeSet.Node declared : set.nodes()) {
      UaNode node = node(declared);
      context.getNodeManager().addNode(node);
      for (NodeSet.Link link : declared.links()) {
        node.addReference(
            new Reference(declared.id(), link.type(), link.target().expanded(), link.isForward()));
      }
    }
  }

  private UaNode node(NodeSet.Node declared) {
    return switch (declared.nodeClass()) {
      case ObjectType ->
          new UaObjectTypeNode(
              context,
              declared.id(),
              declared.browseName(),
              declared.displayName(),
              declared.description(),
              uint(0),
              uint(0),
              declared.isAbstract());
      case DataType -> dataType(declared);
      case Object ->
          new UaObjectNode(
              context,
              declared.id(),
              declared.browseName(),
              declared.displayName(),
              declared.description(),
              uint(0),
              uint(0));
      case Variable -> variable(declared, declared.id());
      default -> throw new IllegalArgumentException("no such node is read: " + declared);
    };
  }

  private UaDataTypeNode dataType(NodeSet.Node declared) {
    UaDataTypeNode node =
        new UaDataTypeNode(
            context,
            declared.id(),
            declared.browseName(),
            declared.displayName(),
            declared.description(),
            uint(0),
            uint(0),
            declared.isAbstract());
    node.setDataTypeDefinition(
        new StructureDefinition(
            target(declared, NodeIds.HasEncoding, true),
            target(declared, NodeIds.HasSubtype, false),
            StructureType.Structure,
            declared.fields().stream().map(TypeNodes::field).toArray(StructureField[]::new)));
    return node;
  }

  private static StructureField field(NodeSet.Field field) {
    return new StructureField(
        field.name(),
        LocalizedText.english(field.description()),
        field.dataType(),
        field.valueRank(),
        field.valueRank() > 0 ? new UInteger[] {uint(0)} : null,
        uint(0),
        false);
  }

  static NodeId target(NodeSet.Node of, NodeId reference, boolean isForward) {
    return of.links().stream()
        .filter(link -> link.type().equals(reference) && link.isForward() == isForward)
        .map(NodeSet.Link::target)
        .findFirst()
        .orElse(NodeId.NULL_VALUE);
  }

  /** A variable as declared, with an id of its own; not added yet. */
  UaVariableNode variable(NodeSet.Node declared, NodeId id) {
    UaVariableNode node =
        new UaVariableNode(
            context,
            id,
            declared.browseName(),
            declared.displayName(),
            declared.description(),
            uint(0),
            uint(0));
    node.setDataType(declared.dataType());
    node.setValueRank(declared.valueRank());
    node.setAccessLevel(AccessLevel.toValue(AccessLevel.READ_ONLY));
    node.setUserAccessLevel(AccessLevel.toValue(AccessLevel.READ_ONLY));
    node.setMinimumSamplingInterval(0.0);
    return node;
  }

  /** An object of a type, put into a folder. */
  UaObjectNode instance(NodeSet.Node type, NodeId id, String name, NodeSet.Node folder) {
    UaObjectNode object =
        new UaObjectNode(
            context,
            id,
            new QualifiedName(id.getNamespaceIndex(), name),
            LocalizedText.english(name),
            type.description(),
            uint(0),
            uint(0));
    context.getNodeManager().addNode(object);
    object.addReference(new Reference(id, NodeIds.HasTypeDefinition, type.id().expanded(), true));
    object.addReference(new Reference(id, NodeIds.Organizes, folder.id().expanded(), false));
    return object;
  }

  /** A variable of an instance, added below its object. */
  UaVariableNode component(UaObjectNode object, NodeSet.Node declared, NodeId id) {
    UaVariableNode node = variable(declared, id);
    context.getNodeManager().addNode(node);
    for (Reference reference :
        List.of(
            new Reference(
                id, NodeIds.HasTypeDefinition, NodeIds.BaseDataVariableType.expanded(), true),
            new Reference(id, NodeIds.HasComponent, object.getNodeId().expanded(), false))) {
      node.addReference(reference);
    }
    return node;
  }
}
