// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.identity.internal;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.identity.Identity;

/**
 * Records what {@link OlderIdentityTest} opens: the folders of an authority with a site enrolled, a
 * site revoked, a token unused and a token asked for, as a program writes them. {@code main} takes
 * the folder of a new state beside {@code first}; a state once recorded is never recorded anew.
 */
final class IdentityRecorder {
  private static final Duration YEARS = Duration.ofDays(3650);

  private IdentityRecorder() {}

  static Authority authority(Path folder, Clock clock) throws IOException, RefusedException {
    String host = "127.0.0.1";
    return Authority.open(
        new AuthoritySettings(
            "plants", "hq", host, 0, host, "broker.example.org", 8883, folder.resolve("hq")),
        clock);
  }

  /** Whom an authority knows, one line each. */
  static List<String> facts(Authority authority, Identity press1) {
    List<String> facts = new ArrayList<>();
    facts.add("coordinator " + authority.identity().keyId());
    for (Identity.Peer peer : authority.identity().roster()) {
      facts.add(peer.party() + " " + peer.keyId() + (peer.revoked() ? " revoked" : ""));
    }
    facts.add(press1.self() + " at " + press1.brokerHost() + ":" + press1.brokerPort());
    facts.add("press1 " + press1.keyId());
    press1.roster().forEach(peer -> facts.add("press1 knows " + peer.keyId()));
    return facts;
  }

  public static void main(String[] arguments) throws Exception {
    Path into = Files.createDirectories(Path.of(arguments[0]));
    Path folder = Files.createTempDirectory("identity");
    Clock clock = new ManualClock();
    List<String> facts;
    try (Authority authority = authority(folder, clock)) {
      authority.serve();
      SiteIdentity press1 = SiteIdentity.open(folder.resolve("press1"), clock);
      press1.enrol(authority.issueToken("press1", YEARS));
      SiteIdentity.open(folder.resolve("press2"), clock)
          .enrol(authority.issueToken("press2", YEARS));
      authority.revoke("press2");
      SiteIdentity press3 = SiteIdentity.open(folder.resolve("press3"), clock);
      Files.write(
          into.resolve("press3.request"), press3.request(authority.issueToken("press3", YEARS)));
      facts = facts(authority, press1.identity().orElseThrow());
    }
    Files.write(into.resolve("facts.txt"), facts, StandardCharsets.UTF_8);
    pack(folder, into.resolve("identity.zip"));
  }

  private static void pack(Path folder, Path into) throws IOException {
    try (OutputStream out = Files.newOutputStream(into);
        ZipOutputStream zip = new ZipOutputStream(out);
        Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
        if (!file.toString().endsWith(".p12")) {
          zip.putNextEntry(new ZipEntry(folder.relativize(file).toString()));
          Files.copy(file, zip);
          zip.closeEntry();
        }
      }
    }
  }
}
