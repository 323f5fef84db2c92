// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.plant.internal.opcua;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import org.eclipse.milo.opcua.stack.core.util.CertificateUtil;
import org.eclipse.milo.opcua.stack.core.util.SelfSignedCertificateBuilder;
import org.eclipse.milo.opcua.stack.core.util.SelfSignedCertificateGenerator;

/**
 * The RSA key and certificate by which an OPC UA application is known: {@code own.key} (PKCS #8,
 * readable by its owner only) and {@code own.der}, made at the first start.
 *
 * @param uri the application URI in the certificate
 * @param keys key pair
 * @param certificate self-signed certificate
 */
public record ApplicationKey(String uri, KeyPair keys, X509Certificate certificate) {
  private static final String KEY = "own.key";
  private static final String CERTIFICATE = "own.der";

  /**
   * Reads key and certificate, or makes them.
   *
   * @param folder where they lie; made if absent
   * @param uri application URI
   * @param host address of this application, for the certificate
   */
  public static ApplicationKey in(Path folder, String uri, String host)
      throws IOException, GeneralSecurityException {
    Path key = folder.resolve(KEY);
    Path certificate = folder.resolve(CERTIFICATE);
    if (Files.exists(key) && Files.exists(certificate)) {
      return read(key, certificate, uri);
    }
    Files.createDirectories(folder);
    KeyPair keys = SelfSignedCertificateGenerator.generateRsaKeyPair(2048);
    X509Certificate made = selfSigned(keys, uri, host);
    if (!Files.exists(key)) {
      Files.createFile(
          key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    Files.write(key, keys.getPrivate().getEncoded());
    Files.write(certificate, made.getEncoded());
    return new ApplicationKey(uri, keys, made);
  }

  private static ApplicationKey read(Path key, Path certificate, String uri)
      throws IOException, GeneralSecurityException {
    PrivateKey secret =
        KeyFactory.getInstance("RSA")
            .generatePrivate(new PKCS8EncodedKeySpec(Files.readAllBytes(key)));
    try (InputStream stream = Files.newInputStream(certificate)) {
      X509Certificate read =
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(stream);
      if (!CertificateUtil.getSanUri(read).map(uri::equals).orElse(false)) {
        throw new GeneralSecurityException(
            certificate + " is not of " + uri + "; give every plant a folder of its own");
      }
      return new ApplicationKey(uri, new KeyPair(read.getPublicKey(), secret), read);
    }
  }

  private static X509Certificate selfSigned(KeyPair keys, String uri, String host)
      throws GeneralSecurityException {
    SelfSignedCertificateBuilder builder =
        new SelfSignedCertificateBuilder(keys)
            .setCommonName(uri.substring(uri.indexOf(':', 4) + 1))
            .setOrganization("Fedwerk")
            .setApplicationUri(uri);
    if (host.matches("[0-9.]+|.*:.*")) {
      builder.addIpAddress(host);
    } else {
      builder.addDnsName(host);
    }
    try {
      return builder.build();
    } catch (Exception failed) { // the builder declares no narrower type
      throw new GeneralSecurityException("no certificate could be made for " + uri, failed);
    }
  }

  @Override
  public String toString() {
    return uri;
  }
}
