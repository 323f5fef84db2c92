// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.demo;

import static org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.Unsigned.uint;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.milo.opcua.sdk.client.OpcUaClient;
import org.eclipse.milo.opcua.sdk.client.identity.UsernameProvider;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.security.SecurityPolicy;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.ExpandedNodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.LocalizedText;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.enumerated.MessageSecurityMode;
import org.eclipse.milo.opcua.stack.core.types.enumerated.TimestampsToReturn;
import org.fedwerk.plant.internal.opcua.ApplicationKey;
import org.fedwerk.plant.internal.opcua.TrustedFolder;

/** Reads predictions as a SCADA system would: an encrypted session with user and password. */
final class PredictionReader implements AutoCloseable {
  private static final String URI = "urn:fedwerk:demo:scada";

  private final OpcUaClient client;
  private final String task;

  PredictionReader(String endpoint, String user, String password, String task, Path folder)
      throws UaException, IOException, GeneralSecurityException {
    this.task = task;
    ApplicationKey key = ApplicationKey.in(folder, URI, "127.0.0.1");
    TrustedFolder servers = new TrustedFolder(folder, true);
    client =
        OpcUaClient.create(
            endpoint,
            all ->
                all.stream()
                    .filter(
                        e ->
                            SecurityPolicy.Basic256Sha256.getUri().equals(e.getSecurityPolicyUri()))
                    .filter(e -> e.getSecurityMode() == MessageSecurityMode.SignAndEncrypt)
                    .findFirst(),
            transport -> {},
            config ->
                config
                    .setApplicationName(LocalizedText.english("Fedwerk demo"))
                    .setApplicationUri(key.uri())
                    .setKeyPair(key.keys())
                    .setCertificate(key.certificate())
                    .setCertificateChain(new X509Certificate[] {key.certificate()})
                    .setCertificateValidator(servers)
                    .setIdentityProvider(new UsernameProvider(user, password))
                    .setRequestTimeout(uint(10_000)));
    client.connect();
  }

  /**
   * The newest prediction.
   *
   * @param text serial, prediction, probability, for people
   * @param digest global digest of the model
   */
  record Shown(String text, String digest) {}

  /** Reads the newest prediction. */
  Shown read() throws UaException {
    List<NodeId> nodes = new ArrayList<>();
    for (String name : List.of("Serial", "Prediction", "Probability", "ModelVersion", "Digest")) {
      nodes.add(
          ExpandedNodeId.parse("nsu=urn:fedwerk:opcua;s=Models." + task + "." + name)
              .toNodeIdOrThrow(client.readNamespaceTable()));
    }
    List<DataValue> values = client.readValues(0, TimestampsToReturn.Both, nodes);
    String text =
        "part %s: %s (%.2f) by model %s, %s"
            .formatted(
                values.get(0).value().value(),
                values.get(1).value().value(),
                ((Number) java.util.Objects.requireNonNullElse(values.get(2).value().value(), 0))
                    .doubleValue(),
                values.get(3).value().value(),
                values.get(0).statusCode().isGood()
                    ? "Good"
                    : values.get(0).statusCode().toString());
    return new Shown(text, String.valueOf(values.get(4).value().value()));
  }

  @Override
  public void close() {
    var unused = client.disconnectAsync();
  }
}
