// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.predict.opcua.internal;

import java.util.ArrayList;
import java.util.List;
import org.eclipse.milo.opcua.stack.core.NodeIds;
import org.eclipse.milo.opcua.stack.core.types.builtin.LocalizedText;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.QualifiedName;
import org.eclipse.milo.opcua.stack.core.types.enumerated.NodeClass;

/**
 * Nodes of a NodeSet2 file (Part 6, annex F), as far as this server's types need them.
 *
 * @param nodes in the order of the file, with the server's namespace indices
 */
record NodeSet(List<Node> nodes) {
  NodeSet {
    nodes = List.copyOf(nodes);
  }

  /**
   * One node.
   *
   * @param dataType of a variable; null node id for others
   * @param valueRank of a variable
   * @param fields of a structure data type; empty for others
   */
  record Node(
      NodeClass nodeClass,
      NodeId id,
      QualifiedName browseName,
      LocalizedText displayName,
      LocalizedText description,
      boolean isAbstract,
      NodeId dataType,
      int valueRank,
      List<Link> links,
      List<Field> fields) {
    Node {
      links = List.copyOf(links);
      fields = List.copyOf(fields);
    }

    String name() {
      return String.valueOf(browseName.name());
    }
  }

  /** A reference from the node that holds it. */
  record Link(NodeId type, NodeId target, boolean isForward) {}

  /** A field of a structure. */
  record Field(String name, String description, NodeId dataType, int valueRank) {}

  /** The type with a name. */
  Node named(String name) {
    return nodes.stream()
        .filter(node -> node.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("the NodeSet has no " + name));
  }

  /** A type's variables, those of its supertypes first (Part 3, 6.3.3). */
  List<Node> variablesOf(Node type) {
    List<Node> variables = new ArrayList<>();
    for (Link link : type.links()) {
      if (!link.isForward() && link.type().equals(NodeIds.HasSubtype)) {
        nodes.stream()
            .filter(node -> node.id().equals(link.target()))
            .forEach(supertype -> variables.addAll(variablesOf(supertype)));
      }
    }
    for (Link link : type.links()) {
      if (link.isForward() && link.type().equals(NodeIds.HasComponent)) {
        nodes.stream().filter(node -> node.id().equals(link.target())).forEach(variables::add);
      }
    }
    return variables;
  }
}
