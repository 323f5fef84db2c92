// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.metrics.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.fedwerk.api.metric.Measurement;
import org.fedwerk.api.status.Health;
import org.fedwerk.api.status.StatusLine;
import org.fedwerk.api.status.StatusLine.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EndpointTest {
  private final FakeRoom room = new FakeRoom();
  private final HttpClient client = HttpClient.newHttpClient();
  @TempDir Path folder;

  private static EndpointSettings loopback(int port, String user, String password) {
    return new EndpointSettings(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), port), user, password, 16);
  }

  private Endpoint endpoint(String user, String password, Registries registries)
      throws IOException {
    registries.book().add(room);
    return new Endpoint(
        loopback(0, user, password), registries::scrape, () -> Health.of(List.of(room)));
  }

  private HttpResponse<String> get(int port, String path, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(20));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static JsonNode json(HttpResponse<String> answer) throws Exception {
    return new ObjectMapper().readTree(answer.body());
  }

  @Test
  void metricsAreServedInTheFormatThatIsAskedFor() throws Exception {
    room.measured.add(Measurement.counter("fedwerk.predictions", "", "Predictions made", 3));
    try (Registries registries = new Registries();
        Endpoint endpoint = endpoint("", "", registries)) {
      HttpResponse<String> plain = get(endpoint.port(), "/metrics");
      assertEquals(200, plain.statusCode());
      assertTrue(plain.body().contains("fedwerk_predictions_total 3.0"));
      assertEquals(Registries.TEXT, plain.headers().firstValue("Content-Type").orElseThrow());
      HttpResponse<String> open =
          get(endpoint.port(), "/metrics", "Accept", "application/openmetrics-text;version=1.0.0");
      assertTrue(open.body().endsWith("# EOF\n"));
      assertEquals(404, get(endpoint.port(), "/secret").statusCode());
      HttpRequest post =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + endpoint.port() + "/metrics"))
              .POST(HttpRequest.BodyPublishers.ofString("x"))
              .build();
      assertEquals(405, client.send(post, HttpResponse.BodyHandlers.ofString()).statusCode());
    }
  }

  @Test
  void healthIsLiveReadyOrDegradedWithItsReasons() throws Exception {
    try (Registries registries = new Registries();
        Endpoint endpoint = endpoint("", "", registries)) {
      int port = endpoint.port();
      assertEquals(200, get(port, "/health/live").statusCode());
      assertEquals(503, get(port, "/health/ready").statusCode(), "no room is there yet");
      assertEquals("starting", json(get(port, "/health")).get("state").asText());
      room.lines.add(new StatusLine("store", State.READY, "well"));
      room.lines.add(new StatusLine("task milling", State.WAITING, "asks for approval"));
      assertEquals(200, get(port, "/health/ready").statusCode());
      assertEquals("ready", json(get(port, "/health/ready")).get("state").asText());
      room.lines.add(new StatusLine("link", State.DEGRADED, "the connection was lost"));
      HttpResponse<String> degraded = get(port, "/health/ready");
      assertEquals(503, degraded.statusCode());
      assertEquals("degraded", json(degraded).get("state").asText());
      JsonNode reasons = json(degraded).get("reasons");
      assertEquals(1, reasons.size());
      assertEquals("link", reasons.get(0).get("subject").asText());
      assertEquals("the connection was lost", reasons.get(0).get("detail").asText());
      assertEquals(200, get(port, "/health").statusCode());
      room.lines.add(new StatusLine("broker main", State.DOWN, "port taken"));
      assertEquals("down", json(get(port, "/health")).get("state").asText());
      assertEquals(200, get(port, "/health/live").statusCode());
    }
  }

  @Test
  void aPasswordGuardsEveryPage() throws Exception {
    try (Registries registries = new Registries();
        Endpoint endpoint = endpoint("prometheus", "s3cret", registries)) {
      int port = endpoint.port();
      for (String path : List.of("/metrics", "/health", "/health/live", "/health/ready", "/x")) {
        assertEquals(401, get(port, path).statusCode(), path);
        assertEquals(401, get(port, path, "Authorization", basic("prometheus:s3cre")).statusCode());
        assertFalse(get(port, path).body().contains("s3cret"));
      }
      assertEquals(
          200, get(port, "/metrics", "Authorization", basic("prometheus:s3cret")).statusCode());
    }
  }

  private static String basic(String login) {
    return "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aPortThatIsTakenIsAStatusAndIsOpenedWhenItIsFree() throws Exception {
    MetricsComponent component;
    int port;
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = taken.getLocalPort();
      component = new MetricsComponent(loopback(port, "", ""));
      assertEquals(State.STARTING, component.status().get(0).state());
      component.refresh();
      assertEquals(State.DEGRADED, component.status().get(0).state());
      assertTrue(component.status().get(0).detail().contains("" + port));
    }
    try {
      component.refresh();
      assertEquals(State.READY, component.status().get(0).state());
      assertEquals(200, get(port, "/health/live").statusCode());
      String metrics = get(port, "/metrics").body();
      assertTrue(metrics.contains("fedwerk_queue_bound{queue=\"requests\"} 16.0"), metrics);
    } finally {
      component.stop();
    }
    assertThrows(IOException.class, () -> get(port, "/health/live"), "the port was given back");
  }

  @Test
  void withoutAPortNothingIsOpened() {
    MetricsComponent component = new MetricsComponent(loopback(0, "", ""));
    component.refresh();
    assertEquals(State.READY, component.status().get(0).state());
    assertTrue(component.status().get(0).detail().startsWith("JMX only"));
    component.stop();
  }

  @Test
  void settingsThatWouldExposeOrHalfWorkAreRefusedByName() throws Exception {
    Path file = Files.writeString(folder.resolve("password"), "s3cret\nrest\n");
    EndpointSettings read =
        EndpointSettings.of(new Given(9464, "0.0.0.0", "prometheus", file.toString()));
    assertEquals("s3cret", read.password());
    assertFalse(read.toString().contains("s3cret"));
    Path empty = Files.writeString(folder.resolve("empty"), "\n");
    refused("host = 0.0.0.0", new Given(9464, "0.0.0.0", "", ""));
    refused("requests.max = 0", new Given(9464, "127.0.0.1", "", "", 0));
    refused("port = 70000", new Given(70_000, "127.0.0.1", "", ""));
    refused("user = prometheus", new Given(9464, "127.0.0.1", "prometheus", ""));
    refused("password.file = none", new Given(9464, "127.0.0.1", "prometheus", "none"));
    refused("password.file = ", new Given(9464, "127.0.0.1", "prometheus", empty.toString()));
  }

  private static void refused(String what, Config config) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> EndpointSettings.of(config));
    assertTrue(
        refused.getMessage().startsWith(EndpointSettings.PID + ": " + what), refused.getMessage());
  }

  private record Given(int port, String host, String user, String password_file, int requests_max)
      implements Config {
    Given(int port, String host, String user, String file) {
      this(port, host, user, file, 16);
    }

    @Override
    public Class<? extends Annotation> annotationType() {
      return Config.class;
    }
  }
}
