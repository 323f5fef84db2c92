// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The Node.js OPC UA client of itests/foreign-client: it shares no code with the server. */
final class ForeignClient {
  private final Path folder;
  private final Path pki;

  private ForeignClient(Path folder, Path pki) {
    this.folder = folder;
    this.pki = pki;
  }

  /** Installs it; empty where npm, or a registry it can reach, is not there. */
  static Optional<ForeignClient> install(Path source, Path target)
      throws IOException, InterruptedException {
    Files.createDirectories(target);
    for (String file :
        List.of("package.json", "package-lock.json", ".npmrc", "read-prediction.js")) {
      if (Files.exists(source.resolve(file))) {
        Files.copy(
            source.resolve(file),
            target.resolve(file),
            java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      }
    }
    if (Files.exists(source.resolve("lib"))) {
      throw new IOException("foreign-client has more files than this test copies");
    }
    try {
      Process npm =
          new ProcessBuilder(
                  "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline")
              .directory(target.toFile())
              .redirectErrorStream(true)
              .redirectOutput(target.resolve("npm.out").toFile())
              .start();
      boolean installed = npm.waitFor(180, TimeUnit.SECONDS) && npm.exitValue() == 0;
      npm.destroyForcibly();
      return installed
          ? Optional.of(new ForeignClient(target, target.resolve("pki")))
          : Optional.empty();
    } catch (IOException noNpm) {
      return Optional.empty();
    }
  }

  /** What it printed, and how it ended. */
  record Run(int exit, List<JsonNode> lines, String errors) {
    Optional<String> value(String node) {
      return lines.stream()
          .filter(line -> line.path("node").asText().equals(node))
          .map(line -> line.path("value").asText())
          .findFirst();
    }
  }

  /** Reads a task's nodes over an encrypted session. */
  Run read(String endpoint, String task, String user, String password)
      throws IOException, InterruptedException {
    Path out = folder.resolve("read.out");
    Path err = folder.resolve("read.err");
    ProcessBuilder builder =
        new ProcessBuilder(
                "node",
                "read-prediction.js",
                "--endpoint",
                endpoint,
                "--task",
                task,
                "--pki",
                pki.toString(),
                "--timeout",
                "60",
                "--trust-server")
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().putAll(Map.of("OPCUA_USER", user, "OPCUA_PASSWORD", password));
    Process node = builder.start();
    if (!node.waitFor(150, TimeUnit.SECONDS)) {
      node.destroyForcibly();
      throw new IOException("the foreign client did not end; " + Files.readString(err));
    }
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(out)) {
      lines.add(new ObjectMapper().readTree(line));
    }
    return new Run(node.exitValue(), lines, Files.readString(err));
  }
}
