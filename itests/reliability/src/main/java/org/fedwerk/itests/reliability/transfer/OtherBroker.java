// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability.transfer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A broker of another make in its own process, set up with the files that the federation's
 * authority writes for it.
 */
public final class OtherBroker implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  private final Child process;
  private final Path files;
  private final boolean reloads;
  private final int port;

  private OtherBroker(Child process, Path files, boolean reloads, int port)
      throws InterruptedException {
    this.process = process;
    this.files = files;
    this.reloads = reloads;
    this.port = port;
    Hub.await(LIMIT, this::answers);
  }

  /** Mosquitto on this machine; empty if there is none. */
  public static Optional<Path> mosquitto() {
    String configured = System.getProperty("fedwerk.mosquitto", "");
    List<Path> places =
        configured.isEmpty()
            ? List.of(
                Path.of("/usr/sbin/mosquitto"),
                Path.of("/usr/local/sbin/mosquitto"),
                Path.of("/usr/bin/mosquitto"))
            : List.of(Path.of(configured));
    return places.stream().filter(Files::isExecutable).findFirst();
  }

  /** Starts Mosquitto. */
  static OtherBroker mosquitto(Path binary, Path folder, Path files)
      throws IOException, InterruptedException {
    Files.createDirectories(folder);
    int port = free();
    Path config = folder.resolve("mosquitto.conf");
    Files.write(
        config,
        List.of(
            "listener " + port + " 127.0.0.1",
            "user " + System.getProperty("user.name"),
            "cafile " + files.resolve("ca.crt"),
            "certfile " + files.resolve("broker.crt"),
            "keyfile " + files.resolve("broker.key"),
            "require_certificate true",
            "use_identity_as_username true",
            "acl_file " + files.resolve("acl"),
            "max_packet_size 1048576",
            "persistence true",
            "persistence_location " + folder + "/"));
    return new OtherBroker(
        Child.start("mosquitto", folder, List.of(binary.toString(), "-c", config.toString())),
        files,
        true,
        port);
  }

  /** Starts HiveMQ Community Edition. */
  static OtherBroker hiveMq(String classPath, Path folder, Path files)
      throws IOException, InterruptedException {
    int port = free();
    return new OtherBroker(
        Child.java(
            "hivemq",
            folder,
            "768m",
            classPath,
            List.of(
                "org.fedwerk.itests.hivemq.HiveMq",
                Integer.toString(port),
                folder.toString(),
                files.toString())),
        files,
        false,
        port);
  }

  private static int free() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  private boolean answers() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      return true;
    } catch (IOException absent) {
      return false;
    }
  }

  /** Waits until the authority has written a site's rights, and makes the broker read them. */
  void grant(String site) throws IOException, InterruptedException {
    Hub.await(LIMIT, () -> rights().contains("from/" + site + "/#"));
    if (reloads) {
      process.reload();
    }
  }

  private String rights() {
    try {
      return Files.readString(files.resolve("acl"));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  int port() {
    return port;
  }

  @Override
  public void close() {
    process.close();
  }
}
