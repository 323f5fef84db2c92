// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.metrics.internal;

import com.sun.net.httpserver.BasicAuthenticator;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.fedwerk.api.status.Health;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET /metrics}, {@code /health}, {@code /health/live}, {@code /health/ready} over HTTP. Two
 * threads at most answer, and few requests wait.
 */
final class Endpoint implements AutoCloseable {
  private static final int THREADS = 2;
  private static final Logger LOG = LoggerFactory.getLogger(Endpoint.class);

  private record Page(int status, String type, String text) {
    static Page health(boolean good, String text) {
      return new Page(good ? 200 : 503, "application/json", text);
    }

    static Page plain(int status, String text) {
      return new Page(status, "text/plain; charset=utf-8", text);
    }
  }

  private final HttpServer server;
  private final ThreadPoolExecutor threads;
  private final Function<String, String> metrics;
  private final Supplier<Health> health;

  /**
   * Listens at once.
   *
   * @param metrics from a format to its text
   * @param health the process' health of now
   * @throws IOException if the address cannot be listened on
   */
  Endpoint(EndpointSettings settings, Function<String, String> metrics, Supplier<Health> health)
      throws IOException {
    this.metrics = metrics;
    this.health = health;
    server = HttpServer.create(settings.address(), settings.requestsMost());
    AtomicInteger number = new AtomicInteger();
    threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            10,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(settings.requestsMost()),
            task -> {
              Thread thread = new Thread(task, "fedwerk-metrics-http-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            },
            new ThreadPoolExecutor.DiscardPolicy());
    threads.allowCoreThreadTimeOut(true);
    server.setExecutor(threads);
    HttpContext context = server.createContext("/", this::answer);
    if (!settings.user().isEmpty()) {
      context.setAuthenticator(new OneUser(settings));
    }
    server.start();
  }

  private static final class OneUser extends BasicAuthenticator {
    private final byte[] expected;

    OneUser(EndpointSettings settings) {
      super("fedwerk", StandardCharsets.UTF_8);
      expected = bytes(settings.user(), settings.password());
    }

    @Override
    public boolean checkCredentials(String user, String password) {
      return MessageDigest.isEqual(expected, bytes(user, password));
    }

    private static byte[] bytes(String user, String password) {
      return (user + '\0' + password).getBytes(StandardCharsets.UTF_8);
    }
  }

  /** Requests that wait for one of its threads. */
  int waiting() {
    return threads.getQueue().size();
  }

  int port() {
    return server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      boolean head = exchange.getRequestMethod().equals("HEAD");
      Page page = head || exchange.getRequestMethod().equals("GET") ? page(exchange) : notAllowed();
      byte[] body = page.text().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", page.type());
      exchange.getResponseHeaders().set("Cache-Control", "no-store");
      exchange.sendResponseHeaders(page.status(), head ? -1 : body.length);
      if (!head) {
        exchange.getResponseBody().write(body);
      }
    }
  }

  private Page page(HttpExchange exchange) {
    try {
      return switch (exchange.getRequestURI().getPath()) {
        case "/metrics" -> metrics(exchange);
        case "/health" -> Page.health(true, HealthReport.of(health.get()));
        case "/health/live" -> Page.health(true, HealthReport.live());
        case "/health/ready" -> ready(health.get());
        default -> Page.plain(404, "there are /metrics, /health, /health/live and /health/ready\n");
      };
    } catch (RuntimeException broken) {
      LOG.error("A request for {} failed", exchange.getRequestURI().getPath(), broken);
      return Page.plain(500, "it failed; see the log of this process\n");
    }
  }

  private Page metrics(HttpExchange exchange) {
    String accepted = exchange.getRequestHeaders().getFirst("Accept");
    boolean open = accepted != null && accepted.contains("application/openmetrics-text");
    String format = open ? Registries.OPEN_METRICS : Registries.TEXT;
    return new Page(200, format, metrics.apply(format));
  }

  private static Page ready(Health health) {
    return Page.health(health.ready(), HealthReport.of(health));
  }

  private static Page notAllowed() {
    return Page.plain(405, "only GET and HEAD are answered\n");
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
