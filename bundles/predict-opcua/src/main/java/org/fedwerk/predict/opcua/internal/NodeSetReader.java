// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.predict.opcua.internal;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.eclipse.milo.opcua.stack.core.types.builtin.LocalizedText;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.QualifiedName;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UInteger;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UShort;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.Unsigned;
import org.eclipse.milo.opcua.stack.core.types.enumerated.NodeClass;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/**
 * Reads NodeSet2 files: object types, data types with structure definitions, objects, variables
 * without values. Anything else in a file is refused, so that nothing is dropped in silence.
 */
final class NodeSetReader {
  private static final int SCALAR = -1;
  private static final Map<String, NodeClass> CLASSES =
      Map.of(
          "UAObjectType", NodeClass.ObjectType,
          "UADataType", NodeClass.DataType,
          "UAObject", NodeClass.Object,
          "UAVariable", NodeClass.Variable);
  private static final List<String> HEADERS =
      List.of("NamespaceUris", "Models", "Aliases", "Extensions");

  private final Map<String, NodeId> aliases = new HashMap<>();
  private final List<UShort> indices = new ArrayList<>();

  private NodeSetReader() {
    indices.add(Unsigned.ushort(0));
  }

  /**
   * Reads a file.
   *
   * @param xml the file
   * @param indexOf the server's index of a namespace URI
   * @throws IOException if it cannot be read or holds what this reader does not know
   */
  static NodeSet read(InputStream xml, Function<String, UShort> indexOf) throws IOException {
    return new NodeSetReader().nodeSet(root(xml), indexOf);
  }

  private static Element root(InputStream xml) throws IOException {
    try {
      // The JDK's own parser: in OSGi another one on the way would not know these features. Karaf
      // replaces this factory class by one that lacks newDefaultNSInstance.
      DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
      factory.setNamespaceAware(true);
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      factory.setXIncludeAware(false);
      factory.setExpandEntityReferences(false);
      DocumentBuilder builder = factory.newDocumentBuilder();
      builder.setErrorHandler(new DefaultHandler()); // the parser's own prints to standard error
      return builder.parse(xml).getDocumentElement();
    } catch (SAXException | ParserConfigurationException malformed) {
      throw new IOException("the NodeSet cannot be read: " + malformed.getMessage(), malformed);
    }
  }

  private NodeSet nodeSet(Element root, Function<String, UShort> indexOf) throws IOException {
    for (Element uris : children(root, "NamespaceUris")) {
      children(uris, "Uri").forEach(uri -> indices.add(indexOf.apply(uri.getTextContent())));
    }
    for (Element list : children(root, "Aliases")) {
      for (Element alias : children(list, "Alias")) {
        aliases.put(alias.getAttribute("Alias"), id(alias.getTextContent()));
      }
    }
    List<NodeSet.Node> nodes = new ArrayList<>();
    for (Element element : children(root)) {
      NodeClass nodeClass = CLASSES.get(element.getLocalName());
      if (nodeClass != null) {
        nodes.add(node(element, nodeClass));
      } else if (!HEADERS.contains(element.getLocalName())) {
        throw unknown(element);
      }
    }
    return new NodeSet(nodes);
  }

  private NodeSet.Node node(Element element, NodeClass nodeClass) throws IOException {
    if (!children(element, "Value").isEmpty()) {
      throw unknown(children(element, "Value").get(0));
    }
    List<NodeSet.Link> links = new ArrayList<>();
    for (Element list : children(element, "References")) {
      for (Element link : children(list, "Reference")) {
        links.add(
            new NodeSet.Link(
                id(link.getAttribute("ReferenceType")),
                id(link.getTextContent()),
                !link.getAttribute("IsForward").equals("false")));
      }
    }
    List<NodeSet.Field> fields = new ArrayList<>();
    for (Element definition : children(element, "Definition")) {
      for (Element field : children(definition, "Field")) {
        fields.add(
            new NodeSet.Field(
                field.getAttribute("Name"),
                text(field, "Description"),
                id(field.getAttribute("DataType")),
                rank(field)));
      }
    }
    return new NodeSet.Node(
        nodeClass,
        id(element.getAttribute("NodeId")),
        browseName(element.getAttribute("BrowseName")),
        LocalizedText.english(text(element, "DisplayName")),
        LocalizedText.english(text(element, "Description")),
        element.getAttribute("IsAbstract").equals("true"),
        nodeClass == NodeClass.Variable ? id(element.getAttribute("DataType")) : NodeId.NULL_VALUE,
        rank(element),
        links,
        fields);
  }

  private static int rank(Element element) {
    String rank = element.getAttribute("ValueRank");
    return rank.isEmpty() ? SCALAR : Integer.parseInt(rank);
  }

  private QualifiedName browseName(String text) throws IOException {
    int colon = text.indexOf(':');
    return colon < 0
        ? new QualifiedName(0, text)
        : new QualifiedName(index(text.substring(0, colon)), text.substring(colon + 1));
  }

  private NodeId id(String text) throws IOException {
    String trimmed = text.strip();
    NodeId alias = aliases.get(trimmed);
    if (alias != null) {
      return alias;
    }
    NodeId written = NodeId.parseOrNull(trimmed);
    if (written != null) {
      UShort index = index(String.valueOf(written.getNamespaceIndex()));
      if (written.getIdentifier() instanceof UInteger number) {
        return new NodeId(index, number);
      }
      if (written.getIdentifier() instanceof String name) {
        return new NodeId(index, name);
      }
    }
    throw new IOException(
        "the NodeSet has \"" + trimmed + "\" where an alias or a node id (i=, s=) should be");
  }

  private UShort index(String written) throws IOException {
    int index = Integer.parseInt(written);
    if (index >= indices.size()) {
      throw new IOException("the NodeSet uses namespace index " + index + " and names no such URI");
    }
    return indices.get(index);
  }

  private static String text(Element parent, String name) {
    List<Element> found = children(parent, name);
    return found.isEmpty() ? "" : found.get(0).getTextContent();
  }

  private static List<Element> children(Element parent, String name) {
    return children(parent).stream().filter(e -> name.equals(e.getLocalName())).toList();
  }

  private static List<Element> children(Element parent) {
    List<Element> elements = new ArrayList<>();
    for (Node child = parent.getFirstChild(); child != null; child = child.getNextSibling()) {
      if (child instanceof Element element) {
        elements.add(element);
      }
    }
    return elements;
  }

  private static IOException unknown(Element element) {
    return new IOException(
        "the NodeSet has an element " + element.getTagName() + ", which this server does not know");
  }
}
