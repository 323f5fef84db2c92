// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.opcua.internal;

import static org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.Unsigned.uint;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.eclipse.milo.opcua.sdk.client.DiscoveryClient;
import org.eclipse.milo.opcua.sdk.client.OpcUaClient;
import org.eclipse.milo.opcua.sdk.client.OpcUaClientConfig;
import org.eclipse.milo.opcua.sdk.client.OpcUaClientConfigBuilder;
import org.eclipse.milo.opcua.sdk.client.SessionActivityListener;
import org.eclipse.milo.opcua.sdk.client.UaSession;
import org.eclipse.milo.opcua.sdk.client.identity.UsernameProvider;
import org.eclipse.milo.opcua.stack.core.NamespaceTable;
import org.eclipse.milo.opcua.stack.core.NodeIds;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.channel.EncodingLimits;
import org.eclipse.milo.opcua.stack.core.security.SecurityPolicy;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.LocalizedText;
import org.eclipse.milo.opcua.stack.core.types.enumerated.TimestampsToReturn;
import org.eclipse.milo.opcua.stack.core.types.enumerated.UserTokenType;
import org.eclipse.milo.opcua.stack.core.types.structured.EndpointDescription;
import org.eclipse.milo.opcua.stack.core.types.structured.UserTokenPolicy;
import org.eclipse.milo.opcua.stack.core.util.CertificateUtil;
import org.eclipse.milo.opcua.stack.core.util.EndpointUtil;
import org.jspecify.annotations.Nullable;

/**
 * One session with a server, from discovery to its end. It never comes back by itself: what Milo
 * would repair behind the scenes is told as lost, and the source decides.
 */
final class ServerConnection {
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);
  private static final Duration LEAVE_WITHIN = Duration.ofSeconds(3);
  private static final int LEAST_CHUNK = 8192;
  private static final int KEEP_ALIVE_MILLIS = 5_000;

  private final OpcUaClient client;
  private final Problems problems;
  private final CompletableFuture<Void> lost = new CompletableFuture<>();
  private NamespaceTable namespaces = new NamespaceTable();
  private String serverStart = "";

  private ServerConnection(OpcUaClient client, Problems problems) {
    this.client = client;
    this.problems = problems;
  }

  /**
   * Connects and opens a session; blocks for some round trips.
   *
   * @param certificate own certificate; null without security
   * @param io runs Milo's callbacks
   * @throws ConnectionProblem if there is no session; nothing is left open
   */
  static ServerConnection open(
      OpcUaSettings settings,
      @Nullable ApplicationCertificate certificate,
      CertificateFolders folders,
      ExecutorService io)
      throws ConnectionProblem, InterruptedException {
    Problems problems = new Problems(settings, certificate, folders);
    EndpointDescription endpoint = endpoint(settings, problems, io);
    checkServer(settings, endpoint, folders, problems);
    OpcUaClient client = client(settings, endpoint, certificate, folders, problems, io);
    ServerConnection connection = new ServerConnection(client, problems);
    try {
      connection.connect(settings);
      return connection;
    } catch (ConnectionProblem | InterruptedException failed) {
      connection.close();
      throw failed;
    }
  }

  private static EndpointDescription endpoint(
      OpcUaSettings settings, Problems problems, ExecutorService io)
      throws ConnectionProblem, InterruptedException {
    String url = settings.endpoint();
    List<EndpointDescription> offered =
        await(
            DiscoveryClient.getEndpoints(url, transport -> transport.setExecutor(io)),
            null,
            ANSWER_WITHIN,
            problems);
    List<EndpointDescription> fitting =
        offered.stream()
            .filter(e -> settings.policy().getUri().equals(e.getSecurityPolicyUri()))
            .filter(e -> settings.mode() == e.getSecurityMode())
            .toList();
    if (fitting.isEmpty()) {
      String choices =
          offered.stream()
              .map(e -> nameOf(e.getSecurityPolicyUri()) + "/" + e.getSecurityMode())
              .distinct()
              .collect(Collectors.joining(", "));
      throw ConnectionProblem.of(
          "the server offers no endpoint with "
              + settings.policy()
              + "/"
              + settings.mode()
              + "; set policy and mode to one of: "
              + choices);
    }
    UserTokenType wanted =
        settings.user().isEmpty() ? UserTokenType.Anonymous : UserTokenType.UserName;
    for (EndpointDescription candidate : fitting) {
      if (tokens(candidate).stream().anyMatch(t -> t.getTokenType() == wanted)) {
        // Servers often name themselves by a host that is not known here.
        return EndpointUtil.updateUrl(
            candidate, EndpointUtil.getHost(url), EndpointUtil.getPort(url));
      }
    }
    throw ConnectionProblem.of(
        settings.user().isEmpty()
            ? "the server takes no anonymous session; set user and a password"
            : "the server takes no user and password on this endpoint; remove user, or choose"
                + " another policy and mode");
  }

  private static String nameOf(@Nullable String policyUri) {
    return SecurityPolicy.fromUriSafe(Objects.requireNonNullElse(policyUri, ""))
        .map(Enum::name)
        .orElse(String.valueOf(policyUri));
  }

  private static List<UserTokenPolicy> tokens(EndpointDescription endpoint) {
    UserTokenPolicy[] tokens = endpoint.getUserIdentityTokens();
    return tokens == null ? List.of() : Arrays.asList(tokens);
  }

  private static void checkServer(
      OpcUaSettings settings,
      EndpointDescription endpoint,
      CertificateFolders folders,
      Problems problems)
      throws ConnectionProblem {
    if (settings.isSecure()) {
      X509Certificate server = null;
      try {
        List<X509Certificate> chain =
            CertificateUtil.decodeCertificates(endpoint.getServerCertificate().bytesOrEmpty());
        server = chain.get(0);
        folders.validateCertificateChain(
            chain,
            endpoint.getServer().getApplicationUri(),
            new String[] {EndpointUtil.getHost(endpoint.getEndpointUrl())});
      } catch (UaException refused) {
        throw problems.ofServerCertificate(server, refused);
      }
    }
  }

  private static OpcUaClient client(
      OpcUaSettings settings,
      EndpointDescription endpoint,
      @Nullable ApplicationCertificate certificate,
      CertificateFolders folders,
      Problems problems,
      ExecutorService io)
      throws ConnectionProblem {
    OpcUaClientConfigBuilder config =
        OpcUaClientConfig.builder()
            .setEndpoint(endpoint)
            .setApplicationName(LocalizedText.english("Fedwerk signal-opcua " + settings.name()))
            .setApplicationUri("urn:fedwerk:signal-opcua:" + settings.name())
            .setProductUri("urn:fedwerk:signal-opcua")
            .setSessionName(() -> "fedwerk " + settings.name())
            .setSessionTimeout(uint(settings.lifetime().toMillis()))
            .setRequestTimeout(uint(ANSWER_WITHIN.toMillis()))
            .setKeepAliveInterval(uint(KEEP_ALIVE_MILLIS))
            .setKeepAliveTimeout(uint(KEEP_ALIVE_MILLIS))
            .setEncodingLimits(limits(settings))
            .setCertificateValidator(folders);
    if (certificate != null) {
      config
          .setKeyPair(certificate.keys())
          .setCertificate(certificate.own())
          .setCertificateChain(certificate.chain().toArray(new X509Certificate[0]))
          .setApplicationUri(certificate.uri());
    }
    Password password = settings.password();
    if (password != null) {
      UserTokenPolicy token = encryptedToken(endpoint);
      byte[] secret = password.read();
      config.setIdentityProvider(
          new UsernameProvider(settings.user(), secret::clone, folders, offered -> token));
    }
    try {
      return OpcUaClient.create(
          config.build(),
          transport ->
              transport.setExecutor(io).setConnectTimeout(uint(ANSWER_WITHIN.toMillis() / 2)));
    } catch (UaException failed) {
      throw problems.of(failed);
    }
  }

  /** The server's messages may bring images; some servers send chunks of 8 KiB only. */
  private static EncodingLimits limits(OpcUaSettings settings) {
    if (settings.images() == 0) {
      return EncodingLimits.DEFAULT;
    }
    long most = EncodingLimits.DEFAULT_MAX_MESSAGE_SIZE + settings.imageBytesAtOnce();
    int size = (int) Math.min(Integer.MAX_VALUE, most);
    return new EncodingLimits(
        EncodingLimits.DEFAULT_MAX_CHUNK_SIZE,
        EncodingLimits.DEFAULT_MAX_CHUNK_COUNT + size / LEAST_CHUNK,
        size,
        EncodingLimits.DEFAULT_MAX_RECURSION_DEPTH);
  }

  /** The first way to send a user and password that encrypts the password. */
  private static UserTokenPolicy encryptedToken(EndpointDescription endpoint)
      throws ConnectionProblem {
    for (UserTokenPolicy token : tokens(endpoint)) {
      String own = token.getSecurityPolicyUri();
      String policy = own == null || own.isEmpty() ? endpoint.getSecurityPolicyUri() : own;
      if (token.getTokenType() == UserTokenType.UserName
          && !SecurityPolicy.None.getUri().equals(policy)) {
        return token;
      }
    }
    throw ConnectionProblem.of(
        "the server would take the password in clear text; set a policy other than None");
  }

  private void connect(OpcUaSettings settings) throws ConnectionProblem, InterruptedException {
    await(client.connectAsync());
    client.addSessionActivityListener(
        new SessionActivityListener() {
          @Override
          public void onSessionInactive(UaSession session) {
            lost.complete(null);
          }
        });
    namespaces = await(client.readNamespaceTableAsync());
    DataValue start =
        await(
                client.readValuesAsync(
                    0, TimestampsToReturn.Neither, List.of(NodeIds.Server_ServerStatus_StartTime)))
            .get(0);
    serverStart = String.valueOf(start.value().value());
  }

  OpcUaClient client() {
    return client;
  }

  NamespaceTable namespaces() {
    return namespaces;
  }

  /** When the server started; ids of subscriptions mean nothing beyond that. */
  String serverStart() {
    return serverStart;
  }

  /** Waits for an answer, at most ten seconds, or until the session is lost. */
  <T> T await(CompletableFuture<T> answer) throws ConnectionProblem, InterruptedException {
    return await(answer, ANSWER_WITHIN);
  }

  <T> T await(CompletableFuture<T> answer, Duration atMost)
      throws ConnectionProblem, InterruptedException {
    return await(answer, lost, atMost, problems);
  }

  private static <T> T await(
      CompletableFuture<T> answer,
      @Nullable CompletableFuture<Void> lost,
      Duration atMost,
      Problems problems)
      throws ConnectionProblem, InterruptedException {
    try {
      if (lost != null) {
        CompletableFuture.anyOf(answer, lost).get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        if (!answer.isDone()) {
          throw problems.lost();
        }
      }
      return answer.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException failed) {
      throw problems.of(Objects.requireNonNullElse(failed.getCause(), failed));
    } catch (TimeoutException silent) {
      throw problems.silent(atMost);
    }
  }

  /** Ends the session and its subscriptions. */
  void close() {
    leave(client.disconnectAsync());
  }

  /**
   * Closes the channel without a word to the session, so that its subscription waits at the server
   * to be transferred to the next one. Closing Milo's client would delete it.
   */
  void drop() {
    leave(
        client
            .getTransport()
            .disconnect()
            .handle((done, failed) -> client.disconnectAsync())
            .thenCompose(gone -> gone));
  }

  private static void leave(CompletableFuture<?> leaving) {
    try {
      leaving.get(LEAVE_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException gone) {
      // The other side is away already; Milo frees the rest when its own timers run out.
      leaving.cancel(false);
    }
  }
}
