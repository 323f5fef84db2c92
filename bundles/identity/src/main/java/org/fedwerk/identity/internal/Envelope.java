// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.identity.internal;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fedwerk.api.RefusedException;

/**
 * A title line, {@code name: value} lines and PEM blocks: the form of every file and message here.
 *
 * @param title what it is, with its version
 * @param fields named values, one line each
 * @param blocks PEM blocks in order
 */
record Envelope(String title, Map<String, String> fields, List<Block> blocks) {
  static final String CERTIFICATE = "CERTIFICATE";
  static final String PRIVATE_KEY = "PRIVATE KEY";
  static final String REQUEST = "CERTIFICATE REQUEST";

  private static final String BEGIN = "-----BEGIN ";
  private static final String DASHES = "-----";

  /** One PEM block. */
  record Block(String kind, byte[] der) {
    static Block of(X509Certificate certificate) {
      try {
        return new Block(CERTIFICATE, certificate.getEncoded());
      } catch (GeneralSecurityException impossible) {
        throw new IllegalStateException(
            "a certificate that was read cannot be written", impossible);
      }
    }

    static Block of(PrivateKey key) {
      return new Block(PRIVATE_KEY, key.getEncoded());
    }

    @Override
    public String toString() {
      return "Block[" + kind + "]";
    }
  }

  Envelope {
    fields = Map.copyOf(fields);
    blocks = List.copyOf(blocks);
  }

  byte[] bytes() {
    StringBuilder text = new StringBuilder(title).append('\n');
    fields.forEach((name, value) -> text.append(name).append(": ").append(value).append('\n'));
    Base64.Encoder base64 = Base64.getMimeEncoder(64, new byte[] {'\n'});
    for (Block block : blocks) {
      text.append(BEGIN).append(block.kind()).append(DASHES).append('\n');
      text.append(base64.encodeToString(block.der())).append('\n');
      text.append("-----END ").append(block.kind()).append(DASHES).append('\n');
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Reads it.
   *
   * @param source names it in refusals
   * @param title the title it must have
   */
  static Envelope read(String source, String title, byte[] bytes) throws RefusedException {
    List<String> lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
    requireTitle(source, title, lines.isEmpty() ? "" : lines.get(0));
    Map<String, String> fields = new LinkedHashMap<>();
    List<Block> blocks = new ArrayList<>();
    for (int at = 1; at < lines.size(); at++) {
      String line = lines.get(at);
      if (line.startsWith(BEGIN) && line.endsWith(DASHES)) {
        String kind = line.substring(BEGIN.length(), line.length() - DASHES.length());
        int end = lines.subList(at, lines.size()).indexOf("-----END " + kind + DASHES);
        if (end < 0) {
          throw new RefusedException(source, "its " + kind + " has no end; it was cut");
        }
        try {
          String body = String.join("", lines.subList(at + 1, at + end));
          blocks.add(new Block(kind, Base64.getDecoder().decode(body)));
        } catch (IllegalArgumentException notBase64) {
          throw new RefusedException(source, "its " + kind + " is not base64; it was changed");
        }
        at += end;
      } else {
        int colon = line.indexOf(": ");
        if (colon < 1) {
          throw new RefusedException(source, "line " + (at + 1) + " is not understood");
        }
        fields.put(line.substring(0, colon), line.substring(colon + 2));
      }
    }
    return new Envelope(title, fields, blocks);
  }

  private static void requireTitle(String source, String title, String first)
      throws RefusedException {
    if (first.equals(title)) {
      return;
    }
    int version = title.lastIndexOf('-') + 1;
    String name = title.substring(0, version);
    if (first.startsWith(name) && first.substring(version).matches("[0-9]{1,9}")) {
      throw new RefusedException(
          source,
          "it is of version "
              + first.substring(version)
              + ", written by a newer program; this one reads up to "
              + title.substring(version)
              + ": start the newer one");
    }
    throw new RefusedException(source, "it does not begin with \"" + title + "\"");
  }

  /** A field that must be there. */
  String field(String source, String name) throws RefusedException {
    String value = fields.get(name);
    if (value == null) {
      throw new RefusedException(source, "it has no " + name);
    }
    return value;
  }

  /** The first block of a kind. */
  byte[] first(String source, String kind) throws RefusedException {
    for (Block block : blocks) {
      if (block.kind().equals(kind)) {
        return block.der();
      }
    }
    throw new RefusedException(source, "it has no " + kind);
  }

  /** All certificates, in order. */
  List<X509Certificate> certificates(String source) throws RefusedException {
    List<X509Certificate> certificates = new ArrayList<>();
    for (Block block : blocks) {
      if (block.kind().equals(CERTIFICATE)) {
        certificates.add(certificate(source, block.der()));
      }
    }
    return certificates;
  }

  static X509Certificate certificate(String source, byte[] der) throws RefusedException {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (GeneralSecurityException unreadable) {
      throw new RefusedException(source, "a certificate in it cannot be read");
    }
  }

  /** The private key, elliptic curve. */
  PrivateKey privateKey(String source) throws RefusedException {
    try {
      return KeyFactory.getInstance("EC")
          .generatePrivate(new PKCS8EncodedKeySpec(first(source, PRIVATE_KEY)));
    } catch (GeneralSecurityException unreadable) {
      throw new RefusedException(source, "the private key in it cannot be read");
    }
  }

  /** Without contents: they may hold a key or a secret. */
  @Override
  public String toString() {
    return "Envelope[" + title + "]";
  }
}
