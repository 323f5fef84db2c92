// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.predict.opcua.internal;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.milo.opcua.sdk.core.types.DynamicStructType;
import org.eclipse.milo.opcua.sdk.core.types.codec.DynamicStructCodec;
import org.eclipse.milo.opcua.sdk.core.typetree.DataType;
import org.eclipse.milo.opcua.sdk.core.typetree.DataTypeTree;
import org.eclipse.milo.opcua.sdk.server.OpcUaServer;
import org.eclipse.milo.opcua.stack.core.types.builtin.ExtensionObject;
import org.fedwerk.api.predict.Prediction;

/** The fields of a prediction, and its encoding by the definition that clients read. */
final class ResultEncoder {
  private final OpcUaServer server;
  private final DataType type;

  private ResultEncoder(OpcUaServer server, DataType type) {
    this.server = server;
    this.type = type;
  }

  /**
   * For a server whose types are there.
   *
   * @throws IllegalArgumentException if the type's fields are not those of a prediction
   */
  static ResultEncoder of(OpcUaServer server, NodeSet.Node declared) {
    Set<String> names =
        declared.fields().stream().map(NodeSet.Field::name).collect(Collectors.toSet());
    if (!names.equals(FIELDS)) {
      throw new IllegalArgumentException(
          declared.name() + " has the fields " + names + ", a prediction has " + FIELDS);
    }
    DataTypeTree tree = server.updateDataTypeTree();
    DataType type = tree.getDataType(declared.id());
    if (type == null) {
      throw new IllegalArgumentException(declared.name() + " is no structure");
    }
    DynamicStructCodec codec = new DynamicStructCodec(type, tree);
    server
        .getStaticDataTypeManager()
        .registerType(type.getNodeId(), codec, type.getBinaryEncodingId(), null, null);
    server
        .getDynamicDataTypeManager()
        .registerType(type.getNodeId(), codec, type.getBinaryEncodingId(), null, null);
    return new ResultEncoder(server, type);
  }

  private static final Set<String> FIELDS =
      Set.of(
          "Serial",
          "Prediction",
          "Probability",
          "Probabilities",
          "Threshold",
          "ModelVersion",
          "Digest",
          "LocalRevision",
          "Sequence",
          "State",
          "Missing");

  /** By field name; variables of the same name have the same value. */
  static Map<String, Object> fields(Prediction prediction, String state) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("Serial", prediction.serial());
    fields.put("Prediction", prediction.predicted());
    fields.put("Probability", prediction.probability());
    fields.put("Probabilities", prediction.probabilities().toArray(new Double[0]));
    fields.put("Threshold", prediction.threshold());
    fields.put("ModelVersion", prediction.modelVersion());
    fields.put("Digest", prediction.digest().hex());
    fields.put("LocalRevision", prediction.localRevision());
    fields.put("Sequence", prediction.sequence());
    fields.put("State", state);
    fields.put("Missing", prediction.missing());
    return fields;
  }

  ExtensionObject encode(Map<String, Object> fields) {
    return ExtensionObject.encode(
        server.getStaticEncodingContext(),
        new DynamicStructType(type, new LinkedHashMap<>(fields)));
  }
}
