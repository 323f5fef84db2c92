// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.predict.opcua.internal;

import static org.fedwerk.predict.opcua.internal.ServerFixture.LOGIN;
import static org.fedwerk.predict.opcua.internal.ServerFixture.prediction;
import static org.fedwerk.predict.opcua.internal.ServerFixture.settings;
import static org.fedwerk.predict.opcua.internal.ServerFixture.started;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.milo.opcua.sdk.client.DiscoveryClient;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.security.SecurityPolicy;
import org.eclipse.milo.opcua.stack.core.types.builtin.Variant;
import org.eclipse.milo.opcua.stack.core.types.enumerated.UserTokenType;
import org.eclipse.milo.opcua.stack.core.types.structured.EndpointDescription;
import org.eclipse.milo.opcua.stack.core.util.CertificateUtil;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.identity.CertificateTrust.Pending;
import org.fedwerk.api.predict.Prediction.Trust;
import org.fedwerk.api.status.StatusLine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdmissionTest {
  @TempDir Path folder;
  private PredictionServer server;

  @AfterEach
  void stop() {
    server.close();
  }

  private Path keys() {
    return folder.resolve("client");
  }

  @Test
  void aWrongPasswordAndAnUnknownUserAreRefused() {
    server = started(settings(folder.resolve("server"), 0, true));

    UaException wrongPassword =
        assertThrows(
            UaException.class,
            () -> ScadaClient.connect(server.endpoint(), keys(), LOGIN.user(), "wrong"));
    UaException wrongUser =
        assertThrows(
            UaException.class,
            () -> ScadaClient.connect(server.endpoint(), keys(), "admin", LOGIN.password()));

    assertEquals(StatusCodes.Bad_UserAccessDenied, wrongPassword.getStatusCode().value());
    assertEquals(StatusCodes.Bad_UserAccessDenied, wrongUser.getStatusCode().value());
  }

  @Test
  void anonymousIsRefusedUnlessAllowed() throws Exception {
    ServerSettings closed = settings(folder.resolve("server"), 0, true);
    server = started(closed);
    assertThrows(
        UaException.class, () -> ScadaClient.connectAnonymously(server.endpoint(), keys()));
    server.close();

    server =
        started(
            new ServerSettings(
                closed.host(),
                0,
                closed.host(),
                closed.policies(),
                null,
                true,
                closed.folder(),
                true,
                20,
                1000));
    server.publish(prediction(1, Trust.GOOD));
    try (ScadaClient client = ScadaClient.connectAnonymously(server.endpoint(), keys())) {
      assertEquals(Variant.ofString("P1"), client.read("Models.mill.Serial").value());
    }
  }

  @Test
  void aForeignCertificateWaitsInRejectedUntilItIsTrusted() throws Exception {
    server = started(settings(folder.resolve("server"), 0, false));
    server.publish(prediction(1, Trust.GOOD));
    assertThrows(
        UaException.class,
        () -> ScadaClient.connect(server.endpoint(), keys(), LOGIN.user(), LOGIN.password()));

    List<Pending> pending = server.pending();
    assertEquals(1, pending.size());
    String thumbprint = pending.get(0).thumbprint();
    assertTrue(
        Files.exists(folder.resolve("server").resolve("rejected").resolve(thumbprint + ".der")));
    assertThrows(RefusedException.class, () -> server.trust("00000000"));
    server.trust(thumbprint.substring(0, 8));

    assertEquals(List.of(), server.pending());
    try (ScadaClient client =
        ScadaClient.connect(server.endpoint(), keys(), LOGIN.user(), LOGIN.password())) {
      assertEquals(Variant.ofString("P1"), client.read("Models.mill.Serial").value());
    }
  }

  @Test
  void onlyTheConfiguredPolicyAndUsersWithPasswordsAreOffered() throws Exception {
    server = started(settings(folder.resolve("server"), 0, true));

    List<EndpointDescription> offered = DiscoveryClient.getEndpoints(server.endpoint()).get();

    assertEquals(
        List.of(SecurityPolicy.Basic256Sha256.getUri() + " SignAndEncrypt [UserName]"),
        offered.stream()
            .map(
                e ->
                    e.getSecurityPolicyUri()
                        + " "
                        + e.getSecurityMode()
                        + " "
                        + Arrays.stream(e.getUserIdentityTokens())
                            .map(t -> t.getTokenType())
                            .toList())
            .toList());
    assertEquals(server.endpoint(), offered.get(0).getEndpointUrl());
    assertEquals(
        offered.get(0).getServer().getApplicationUri(),
        CertificateUtil.getSanUri(
                CertificateUtil.decodeCertificate(
                    offered.get(0).getServerCertificate().bytesOrEmpty()))
            .orElseThrow());
  }

  @Test
  void withoutAUserTheServerStaysClosedAndSaysWhatToDo() {
    ServerSettings open = settings(folder.resolve("server"), 0, true);
    server =
        ServerFixture.server(
            new ServerSettings(
                open.host(),
                0,
                open.host(),
                open.policies(),
                null,
                false,
                open.folder(),
                false,
                20,
                1000));

    server.start();

    assertEquals(StatusLine.State.WAITING, server.status().get(0).state());
    assertTrue(server.status().get(0).detail().contains("set user and .password"));
    assertTrue(Files.notExists(open.folder()));
  }

  @Test
  void theOwnKeyIsReadableByItsOwnerOnly() throws Exception {
    server = started(settings(folder.resolve("server"), 0, true));

    Set<String> rights;
    try (Stream<java.nio.file.attribute.PosixFilePermission> all =
        Files.getPosixFilePermissions(folder.resolve("server/own/key.pem")).stream()) {
      rights = all.map(Enum::name).collect(Collectors.toSet());
    }

    assertEquals(Set.of("OWNER_READ", "OWNER_WRITE"), rights);
    assertEquals(
        UserTokenType.UserName,
        DiscoveryClient.getEndpoints(server.endpoint())
            .get()
            .get(0)
            .getUserIdentityTokens()[0]
            .getTokenType());
  }
}
