// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.identity.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import org.fedwerk.api.identity.Identity.Peer;
import org.fedwerk.api.message.Party;

/**
 * What another broker than the embedded one needs to serve a federation: the CA, a key and a
 * certificate of its own in PEM, and the topic rights of all parties as a Mosquitto ACL file.
 */
final class BrokerFiles {
  private static final String RIGHTS = "acl";

  private final Path folder;
  private final String federation;

  /**
   * Writes all of them; key and certificate anew, since the hosts may have changed.
   *
   * @param hosts names and addresses that the broker serves under
   */
  BrokerFiles(Path folder, Issuer issuer, Collection<String> hosts, Clock clock)
      throws IOException {
    this.folder = folder;
    this.federation = issuer.federation();
    KeyPair pair = Issuer.newKey();
    X509Certificate certificate = issuer.issueServer(pair.getPublic(), hosts, clock);
    Files.createDirectories(folder);
    try {
      write("ca.crt", pem("CERTIFICATE", issuer.certificate().getEncoded()));
      write("broker.crt", pem("CERTIFICATE", certificate.getEncoded()));
      OwnerOnly.write(
          folder.resolve("broker.key"), pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
    } catch (CertificateEncodingException impossible) {
      throw new IOException("a certificate cannot be encoded", impossible);
    }
  }

  private void write(String name, byte[] bytes) throws IOException {
    Files.write(folder.resolve(name), bytes);
  }

  private static byte[] pem(String what, byte[] der) {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    String text = "-----BEGIN " + what + "-----\n" + base64 + "\n-----END " + what + "-----\n";
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Writes the rights of those who are not revoked; the user is the certificate's common name. */
  void rights(List<Peer> roster) {
    String root = "fedwerk/" + federation + "/";
    StringBuilder acl = new StringBuilder();
    for (Peer peer : roster) {
      Party party = peer.party();
      if (peer.revoked()) {
        continue;
      }
      acl.append("user ").append(party).append('\n');
      if (party.role() == Party.Role.COORDINATOR) {
        acl.append("topic read ").append(root).append("from/#\n");
        acl.append("topic write ").append(root).append("all/#\n");
        acl.append("topic write ").append(root).append("to/#\n\n");
      } else {
        acl.append("topic read ").append(root).append("all/#\n");
        acl.append("topic read ").append(root).append("to/").append(party.id()).append("/#\n");
        acl.append("topic write ").append(root).append("from/").append(party.id()).append("/#\n\n");
      }
    }
    try {
      write(RIGHTS, acl.toString().getBytes(StandardCharsets.UTF_8));
    } catch (IOException failed) {
      throw new UncheckedIOException(
          "the broker's rights were not written to " + folder.resolve(RIGHTS), failed);
    }
  }
}
