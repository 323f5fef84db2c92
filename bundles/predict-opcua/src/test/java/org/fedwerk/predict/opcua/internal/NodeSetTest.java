// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.predict.opcua.internal;

import static org.fedwerk.predict.opcua.internal.ServerFixture.LOGIN;
import static org.fedwerk.predict.opcua.internal.ServerFixture.settings;
import static org.fedwerk.predict.opcua.internal.ServerFixture.started;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import org.eclipse.milo.opcua.sdk.client.nodes.UaNode;
import org.eclipse.milo.opcua.sdk.client.nodes.UaVariableNode;
import org.eclipse.milo.opcua.sdk.core.nodes.DataTypeNode;
import org.eclipse.milo.opcua.stack.core.NamespaceTable;
import org.eclipse.milo.opcua.stack.core.NodeIds;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.structured.StructureDefinition;
import org.eclipse.milo.opcua.stack.core.types.structured.StructureField;
import org.fedwerk.api.predict.DeploymentState;
import org.fedwerk.api.predict.LearningState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The published file against a running server, read by the client and by plain XML. */
class NodeSetTest {
  private static final Map<String, NodeId> BUILT_IN =
      Map.of(
          "Int32", NodeIds.Int32,
          "Int64", NodeIds.Int64,
          "Double", NodeIds.Double,
          "Boolean", NodeIds.Boolean,
          "String", NodeIds.String);

  @TempDir Path folder;

  private static InputStream file() {
    return Objects.requireNonNull(NodeSetTest.class.getResourceAsStream("Fedwerk.NodeSet2.xml"));
  }

  private static List<Element> elements(String name) throws Exception {
    try (InputStream xml = file()) {
      Document document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(xml);
      NodeList found = document.getElementsByTagName(name);
      List<Element> elements = new ArrayList<>();
      for (int i = 0; i < found.getLength(); i++) {
        elements.add((Element) found.item(i));
      }
      return elements;
    }
  }

  @Test
  void theServerHasEveryNodeOfTheFileUnderItsNameAndDataType() throws Exception {
    try (PredictionServer server = started(settings(folder.resolve("server"), 0, true));
        ScadaClient client =
            ScadaClient.connect(
                server.endpoint(), folder.resolve("client"), LOGIN.user(), LOGIN.password())) {
      int checked = 0;
      for (String nodeClass : List.of("UAObjectType", "UADataType", "UAObject", "UAVariable")) {
        for (Element declared : elements(nodeClass)) {
          UaNode served =
              client
                  .milo()
                  .getAddressSpace()
                  .getNode(served(client, declared.getAttribute("NodeId")));
          String name = declared.getAttribute("BrowseName");
          assertEquals(name.substring(name.indexOf(':') + 1), served.getBrowseName().name());
          assertEquals("UA" + served.getNodeClass(), nodeClass, name);
          if (served instanceof UaVariableNode variable) {
            assertEquals(
                type(client, declared.getAttribute("DataType")), variable.getDataType(), name);
          }
          checked++;
        }
      }
      assertTrue(checked > 15);
    }
  }

  @Test
  void aTasksNodesAreThoseThatTheFileDeclaresForTheirType() throws Exception {
    try (PredictionServer server = started(settings(folder.resolve("server"), 0, true));
        ScadaClient client =
            ScadaClient.connect(
                server.endpoint(), folder.resolve("client"), LOGIN.user(), LOGIN.password())) {
      server.state("mill", DeploymentState.READY, LearningState.IDLE, "");

      Map<String, NodeId> expected = new TreeMap<>();
      for (Element declared : elements("UAVariable")) {
        String parent = declared.getAttribute("ParentNodeId");
        String object = parent.equals("ns=1;i=1003") ? "LearningJobs.mill." : "Models.mill.";
        expected.put(
            object + declared.getAttribute("BrowseName").substring(2),
            type(client, declared.getAttribute("DataType")));
      }
      Map<String, NodeId> served = new TreeMap<>();
      for (String object : List.of("Models.mill", "LearningJobs.mill")) {
        for (UaNode node : client.milo().getAddressSpace().browseNodes(client.id(object))) {
          if (node instanceof UaVariableNode variable) {
            served.put((String) variable.getNodeId().getIdentifier(), variable.getDataType());
          }
        }
      }
      assertEquals(expected, served);
      assertEquals(
          List.of("LearningJobs", "Models"),
          client.milo().getAddressSpace().browseNodes(client.id("Fedwerk")).stream()
              .filter(node -> node.getNodeClass().getValue() == 1)
              .map(node -> node.getBrowseName().name())
              .filter(name -> !name.equals("FolderType"))
              .sorted()
              .toList());
    }
  }

  @Test
  void theDefinitionOfTheResultIsThatOfTheFile() throws Exception {
    try (PredictionServer server = started(settings(folder.resolve("server"), 0, true));
        ScadaClient client =
            ScadaClient.connect(
                server.endpoint(), folder.resolve("client"), LOGIN.user(), LOGIN.password())) {
      DataTypeNode type =
          (DataTypeNode) client.milo().getAddressSpace().getNode(served(client, "ns=1;i=3001"));
      StructureDefinition definition = (StructureDefinition) type.getDataTypeDefinition();

      List<String> served = new ArrayList<>();
      for (StructureField field : definition.getFields()) {
        served.add(field.getName() + " " + field.getDataType() + " " + field.getValueRank());
      }
      List<String> declared = new ArrayList<>();
      for (Element field : elements("Field")) {
        String rank = field.getAttribute("ValueRank");
        declared.add(
            field.getAttribute("Name")
                + " "
                + type(client, field.getAttribute("DataType"))
                + " "
                + (rank.isEmpty() ? "-1" : rank));
      }
      assertEquals(declared, served);
      assertEquals(served(client, "ns=1;i=5001"), definition.getDefaultEncodingId());
    }
  }

  private static NodeId served(ScadaClient client, String written) {
    return NodeId.parse(written.replace("ns=1;", "ns=" + client.namespace() + ";"));
  }

  private static NodeId type(ScadaClient client, String written) {
    return written.equals("ResultDataType")
        ? served(client, "ns=1;i=3001")
        : Objects.requireNonNull(BUILT_IN.get(written), written);
  }

  @Test
  void aFileWithADoctypeIsRefused() {
    String xml =
        "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///nowhere\">]><UANodeSet><A>&e;</A></UANodeSet>";
    IOException refused = assertThrows(IOException.class, () -> read(xml));
    assertTrue(String.valueOf(refused.getMessage()).contains("DOCTYPE"), refused.getMessage());
  }

  @Test
  void whatTheReaderDoesNotKnowIsRefusedByName() {
    IOException method =
        assertThrows(
            IOException.class,
            () -> read("<UANodeSet><UAMethod NodeId='i=1' BrowseName='m'/></UANodeSet>"));
    IOException id =
        assertThrows(
            IOException.class,
            () -> read("<UANodeSet><UAObject NodeId='Nothing' BrowseName='o'/></UANodeSet>"));

    assertTrue(String.valueOf(method.getMessage()).contains("UAMethod"));
    assertTrue(String.valueOf(id.getMessage()).contains("\"Nothing\""));
  }

  private static NodeSet read(String xml) throws IOException {
    return NodeSetReader.read(
        new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)), new NamespaceTable()::add);
  }
}
