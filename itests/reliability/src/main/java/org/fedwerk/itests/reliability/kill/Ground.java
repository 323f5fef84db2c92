// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability.kill;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.identity.Identity;
import org.fedwerk.identity.internal.Authority;
import org.fedwerk.identity.internal.SiteIdentity;

/**
 * The folders of a federation: identities, made once and copied for each run, and beside them each
 * actor's state.
 */
final class Ground {
  static final String FEDERATION = "kill";
  static final String COORDINATOR = "hq";
  static final String BROKER = "broker";

  /** Who reads along, with the coordinator's keys. */
  static final String READER = "reader";

  /** Another coordinator with the same keys, on another machine. */
  static final String STANDBY = "standby";

  static final List<String> SITES = List.of("a", "b", "c");

  private static final String IDENTITY = "identity";

  private final Path folder;

  private Ground(Path folder) {
    this.folder = folder;
  }

  /** Makes keys and certificates of all actors. */
  static Ground create(Path folder) throws IOException, RefusedException {
    Ground ground = new Ground(Files.createDirectories(folder));
    try (Authority authority = Authority.loopback(ground.identity(COORDINATOR), FEDERATION, 0)) {
      for (String site : SITES) {
        Identity unused =
            SiteIdentity.enrol(
                ground.identity(site), authority.issueToken(site, Duration.ofHours(1)));
      }
    }
    // The broker asks who may come, with the coordinator's keys, in a process of its own.
    copy(ground.identity(COORDINATOR), ground.identity(BROKER));
    copy(ground.identity(COORDINATOR), ground.identity(READER));
    copy(ground.identity(COORDINATOR), ground.identity(STANDBY));
    return ground;
  }

  static Ground in(Path folder) {
    return new Ground(folder);
  }

  /** The same identities and no state. */
  Ground fresh(Path where) throws IOException {
    Files.createDirectories(where);
    for (String actor : actors()) {
      copy(identity(actor), new Ground(where).identity(actor));
    }
    return new Ground(where);
  }

  private static List<String> actors() {
    return Stream.concat(Stream.of(COORDINATOR, STANDBY, BROKER, READER), SITES.stream()).toList();
  }

  Path folder() {
    return folder;
  }

  Path identity(String actor) {
    return folder.resolve(actor).resolve(IDENTITY);
  }

  Path state(String actor) {
    return folder.resolve(actor).resolve("state");
  }

  /** Who a site is. */
  Identity site(String id) throws IOException, RefusedException {
    return SiteIdentity.open(identity(id), Clock.systemUTC())
        .identity()
        .orElseThrow(() -> new IllegalStateException("site " + id + " has no certificate"));
  }

  /** The coordinator's keys; to be closed. */
  Authority authority(String actor) throws IOException, RefusedException {
    return Authority.loopback(identity(actor), FEDERATION, 0);
  }

  /** A port that nobody has just now. */
  static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path each : all.toList()) {
        Path target = to.resolve(from.relativize(each).toString());
        if (Files.isDirectory(each)) {
          Files.createDirectories(target);
        } else {
          Files.copy(each, target, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    }
  }

  /** Removes everything. */
  void delete() {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    } catch (IOException undeletable) {
      throw new UncheckedIOException(undeletable);
    }
  }
}
