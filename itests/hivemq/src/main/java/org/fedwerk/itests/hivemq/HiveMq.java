// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.hivemq;

import com.hivemq.embedded.EmbeddedExtension;
import com.hivemq.embedded.EmbeddedHiveMQ;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;

/** HiveMQ Community Edition with mutual TLS on one port of loopback. */
public final class HiveMq {
  /** Of files in a folder of this run alone. */
  private static final String PASSWORD = "loopback";

  private HiveMq() {}

  /**
   * Runs until its standard input ends.
   *
   * @param args port, folder to work in, folder of ca.crt, broker.crt, broker.key and acl
   */
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[1]);
    Path files = Path.of(args[2]);
    Path config = Files.createDirectories(folder.resolve("conf"));
    Path keys = folder.resolve("keys.p12");
    Path trust = folder.resolve("trust.p12");
    stores(files, keys, trust);
    Files.writeString(config.resolve("config.xml"), xml(args[0], keys, trust));
    EmbeddedExtension rights =
        EmbeddedExtension.builder()
            .withId("fedwerk-rights")
            .withName("Rights of a federation")
            .withVersion("1")
            .withExtensionMain(new Rights(files.resolve("acl")))
            .build();
    try (EmbeddedHiveMQ broker =
        EmbeddedHiveMQ.builder()
            .withConfigurationFolder(config)
            .withDataFolder(Files.createDirectories(folder.resolve("data")))
            .withExtensionsFolder(Files.createDirectories(folder.resolve("extensions")))
            .withEmbeddedExtension(rights)
            .build()) {
      broker.start().join();
      while (System.in.read() >= 0) {
        // Whoever started this ends it by closing its input.
      }
    }
  }

  private static void stores(Path files, Path keys, Path trust) throws Exception {
    Certificate authority = certificate(files.resolve("ca.crt"));
    String key =
        Files.readString(files.resolve("broker.key")).replaceAll("-----[A-Z ]+-----|\\s", "");
    PrivateKey read =
        KeyFactory.getInstance("EC")
            .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(key)));
    KeyStore own = KeyStore.getInstance("PKCS12");
    own.load(null, null);
    own.setKeyEntry(
        "broker",
        read,
        PASSWORD.toCharArray(),
        new Certificate[] {certificate(files.resolve("broker.crt")), authority});
    save(own, keys);
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("authority", authority);
    save(trusted, trust);
  }

  private static Certificate certificate(Path file) throws Exception {
    try (InputStream in = new ByteArrayInputStream(Files.readAllBytes(file))) {
      return CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }

  private static void save(KeyStore store, Path file) throws Exception {
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, PASSWORD.toCharArray());
    }
  }

  private static String xml(String port, Path keys, Path trust) {
    return """
        <?xml version="1.0"?>
        <hivemq>
          <listeners>
            <tls-tcp-listener>
              <port>%s</port>
              <bind-address>127.0.0.1</bind-address>
              <tls>
                <keystore>
                  <path>%s</path>
                  <password>%s</password>
                  <private-key-password>%s</private-key-password>
                </keystore>
                <truststore>
                  <path>%s</path>
                  <password>%s</password>
                </truststore>
                <client-authentication-mode>REQUIRED</client-authentication-mode>
              </tls>
            </tls-tcp-listener>
          </listeners>
          <anonymous-usage-statistics>
            <enabled>false</enabled>
          </anonymous-usage-statistics>
        </hivemq>
        """
        .formatted(port, keys, PASSWORD, PASSWORD, trust, PASSWORD);
  }
}
