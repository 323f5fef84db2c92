// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.identity.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManager;
import org.fedwerk.api.RefusedException;

/** Posts a request to the server that a token names. */
final class EnrolmentClient {
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration ANSWER = Duration.ofSeconds(30);

  private EnrolmentClient() {}

  /**
   * Sends the request and returns the answer. Blocks.
   *
   * @throws IOException if the server cannot be reached; it may be tried again
   * @throws RefusedException if the server is another one, or refused
   */
  static byte[] post(Token token, byte[] request, Clock clock)
      throws IOException, RefusedException {
    String host = token.host().contains(":") ? "[" + token.host() + "]" : token.host();
    URI address = URI.create("https://" + host + ":" + token.port() + EnrolmentServer.PATH);
    HttpClient client =
        HttpClient.newBuilder()
            .sslContext(context(token, clock))
            .connectTimeout(CONNECT)
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(HttpClient.Builder.NO_PROXY)
            .build();
    HttpRequest post =
        HttpRequest.newBuilder(address)
            .timeout(ANSWER)
            .POST(HttpRequest.BodyPublishers.ofByteArray(request))
            .build();
    try {
      HttpResponse<InputStream> response =
          client.send(post, HttpResponse.BodyHandlers.ofInputStream());
      byte[] answer;
      try (InputStream body = response.body()) {
        answer = body.readNBytes(EnrolmentServer.MAX_BYTES + 1);
      }
      if (answer.length > EnrolmentServer.MAX_BYTES) {
        throw new RefusedException("enrolment", "the answer is too long");
      }
      if (response.statusCode() != 200) {
        throw new RefusedException(
            "enrolment", "the coordinator refused: " + new String(answer, StandardCharsets.UTF_8));
      }
      return answer;
    } catch (SSLHandshakeException other) {
      throw new RefusedException(
          "enrolment",
          "the server at "
              + token.host()
              + ":"
              + token.port()
              + " is not the one that the token names ("
              + other.getMessage()
              + "); nothing was sent to it");
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("enrolment was stopped");
    }
  }

  private static SSLContext context(Token token, Clock clock) throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          null,
          new TrustManager[] {new PinnedServer(token.federation(), token.authority(), clock)},
          null);
      return context;
    } catch (GeneralSecurityException missing) {
      throw new IOException("TLS is not available; use a complete JDK 17", missing);
    }
  }
}
