// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.fedwerk.itests.harness.KarafInstance;
import org.fedwerk.itests.harness.Ports;

/** The pages that a process serves to Prometheus and to a supervisor. */
record Scrape(int port, String user, String password) {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  /** Lets a running process serve them, to who knows the secret. */
  static Scrape served(KarafInstance process, String secret) throws IOException {
    Path password = Files.writeString(process.base().resolve("etc/metrics.password"), secret);
    Scrape scrape = new Scrape(Ports.free(), "prometheus", secret);
    process.configure(
        "org.fedwerk.metrics",
        Map.of(
            "port", Integer.toString(scrape.port()),
            "user", scrape.user(),
            "password.file", password.toString()));
    return scrape;
  }

  /** Gets a page. */
  HttpResponse<String> get(String page) throws IOException {
    String basic =
        Base64.getEncoder()
            .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + page))
            .timeout(Duration.ofSeconds(20))
            .header("Authorization", "Basic " + basic)
            .build();
    try {
      return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while reading " + page, stopping);
    }
  }

  /** The value of a metric whose line begins so, up to the last space. */
  double value(String series) throws IOException {
    return get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(series))
        .map(line -> line.substring(line.lastIndexOf(' ') + 1))
        .mapToDouble(Double::parseDouble)
        .findFirst()
        .orElseThrow(() -> new IOException("there is no metric " + series));
  }
}
