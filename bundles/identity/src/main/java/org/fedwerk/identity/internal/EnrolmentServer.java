// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.identity.internal;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.metric.Measurement;
import org.fedwerk.api.metric.QueueLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One HTTPS resource, {@code POST /enrol}: small requests, few threads, little time for each. */
final class EnrolmentServer implements Closeable {
  static final String PATH = "/enrol";

  /** A request or answer is never longer. */
  static final int MAX_BYTES = 16 * 1024;

  private static final int THREADS = 4;
  private static final String SECONDS_PER_REQUEST = "20";
  private static final Logger LOG = LoggerFactory.getLogger(EnrolmentServer.class);

  /** What answers a request. */
  @FunctionalInterface
  interface Desk {
    byte[] answer(byte[] request) throws RefusedException;
  }

  private final HttpsServer server;
  private final ThreadPoolExecutor threads;
  private final int most;

  private EnrolmentServer(HttpsServer server, ThreadPoolExecutor threads, int most) {
    this.server = server;
    this.threads = threads;
    this.most = most;
  }

  /** Listens as set; the chain is the server's own. */
  static EnrolmentServer start(
      AuthoritySettings settings, PrivateKey key, List<X509Certificate> chain, Desk desk)
      throws IOException {
    String host = settings.enrolmentHost();
    int port = settings.enrolmentPort();
    int most = settings.requestsMost();
    // The JDK's server knows no time limit but these, read once per process; an operator's wins.
    for (String limit : List.of("sun.net.httpserver.maxReqTime", "sun.net.httpserver.maxRspTime")) {
      if (System.getProperty(limit) == null) {
        System.setProperty(limit, SECONDS_PER_REQUEST);
      }
    }
    HttpsServer server;
    try {
      server = HttpsServer.create(new InetSocketAddress(InetAddress.getByName(host), port), most);
    } catch (IOException taken) {
      throw new IOException(
          AuthoritySettings.PID
              + ": enrolment.host = "
              + host
              + ", enrolment.port = "
              + port
              + " cannot be listened on ("
              + taken.getMessage()
              + "); free the port or set another one",
          taken);
    }
    server.setHttpsConfigurator(new Modern(context(key, chain)));
    AtomicInteger number = new AtomicInteger();
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            10,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(most),
            task -> {
              Thread thread = new Thread(task, "fedwerk-enrolment-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            },
            // The connection is closed by the time limit.
            new ThreadPoolExecutor.DiscardPolicy());
    threads.allowCoreThreadTimeOut(true);
    server.setExecutor(threads);
    server.createContext(PATH, exchange -> handle(exchange, desk));
    server.start();
    return new EnrolmentServer(server, threads, most);
  }

  /** Requests that wait for one of its threads. */
  List<Measurement> levels() {
    return new QueueLevel("enrolment", threads.getQueue().size(), most).things();
  }

  int port() {
    return server.getAddress().getPort();
  }

  private static void handle(HttpExchange exchange, Desk desk) throws IOException {
    try (exchange) {
      exchange.getResponseHeaders().set("Connection", "close");
      if (!exchange.getRequestMethod().equals("POST")
          || !exchange.getRequestURI().getPath().equals(PATH)) {
        respond(exchange, 404, text("POST " + PATH + " is all there is"));
        return;
      }
      byte[] request = exchange.getRequestBody().readNBytes(MAX_BYTES + 1);
      if (request.length > MAX_BYTES) {
        respond(exchange, 413, text("request: it is longer than " + MAX_BYTES + " bytes"));
        return;
      }
      byte[] answer;
      try {
        answer = desk.answer(request);
      } catch (RefusedException refused) {
        LOG.warn("An enrolment was refused: {}", refused.getMessage());
        respond(exchange, 403, text(String.valueOf(refused.getMessage())));
        return;
      }
      respond(exchange, 200, answer);
    }
  }

  private static byte[] text(String line) {
    return line.getBytes(StandardCharsets.UTF_8);
  }

  private static void respond(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  private static SSLContext context(PrivateKey key, List<X509Certificate> chain)
      throws IOException {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      char[] unused = "in memory only".toCharArray();
      store.setKeyEntry("own", key, unused, chain.toArray(new Certificate[0]));
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, unused);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException missing) {
      throw new IOException("TLS is not available; use a complete JDK 17", missing);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  /** TLS 1.3 and 1.2 only. */
  private static final class Modern extends HttpsConfigurator {
    Modern(SSLContext context) {
      super(context);
    }

    @Override
    public void configure(HttpsParameters parameters) {
      SSLParameters modern = getSSLContext().getDefaultSSLParameters();
      modern.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
      parameters.setSSLParameters(modern);
    }
  }
}
