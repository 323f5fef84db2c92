// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.predict.opcua.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Period;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.milo.opcua.stack.core.util.CertificateUtil;
import org.eclipse.milo.opcua.stack.core.util.SelfSignedCertificateBuilder;
import org.eclipse.milo.opcua.stack.core.util.SelfSignedCertificateGenerator;
import org.fedwerk.api.Digest;

/**
 * The server's own application certificate (Part 6, 6.2.2): {@code key.pem} and {@code
 * certificate.der} in the folder {@code own}, made when they are absent. A certificate that the
 * plant's CA signed replaces them; {@code certificate.pem} with its chain wins over the DER file.
 *
 * @param keys RSA keys
 * @param chain own certificate first
 * @param uri application URI, from the certificate
 * @param file where the certificate is, for messages
 */
record ApplicationCertificate(KeyPair keys, List<X509Certificate> chain, String uri, Path file) {
  private static final int RSA_BITS = 2048;
  private static final int LINE = 64;
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|.*:.*");
  private static final Period VALID_FOR = Period.ofYears(10);

  ApplicationCertificate {
    chain = List.copyOf(chain);
  }

  X509Certificate own() {
    return chain.get(0);
  }

  /**
   * Loads the certificate, or makes one.
   *
   * @param own folder
   * @param hosts names and addresses of this machine for a new certificate
   * @throws ServerProblem if the files cannot be used
   */
  static ApplicationCertificate of(Path own, Set<String> hosts) throws ServerProblem {
    Path key = own.resolve("key.pem");
    Path pem = own.resolve("certificate.pem");
    Path der = own.resolve("certificate.der");
    try {
      if (!Files.exists(key)) {
        make(own, key, der, hosts);
      }
      return load(key, Files.exists(pem) ? pem : der);
    } catch (IOException | GeneralSecurityException unusable) {
      throw new ServerProblem(
          "the application certificate in "
              + own
              + " cannot be used ("
              + unusable.getMessage()
              + "); key.pem must hold an RSA key in PKCS #8 and certificate.der or"
              + " certificate.pem its certificate with an application URI");
    }
  }

  private static void make(Path own, Path key, Path der, Set<String> hosts)
      throws IOException, GeneralSecurityException {
    Files.createDirectories(own);
    KeyPair keys = SelfSignedCertificateGenerator.generateRsaKeyPair(RSA_BITS);
    String unique = Digest.of(keys.getPublic().getEncoded()).brief();
    SelfSignedCertificateBuilder builder =
        new SelfSignedCertificateBuilder(keys)
            .setCommonName("Fedwerk predict-opcua")
            .setOrganization("Fedwerk")
            .setApplicationUri("urn:fedwerk:opcua:" + unique)
            .setValidityPeriod(VALID_FOR);
    for (String host : hosts) {
      if (ADDRESS.matcher(host).matches()) {
        builder.addIpAddress(host);
      } else {
        builder.addDnsName(host);
      }
    }
    X509Certificate certificate;
    try {
      certificate = builder.build();
    } catch (GeneralSecurityException | IOException | RuntimeException known) {
      throw known;
    } catch (Exception fromBuilder) {
      throw new GeneralSecurityException(fromBuilder);
    }
    Files.write(der, certificate.getEncoded());
    // The key last: without it the pair is made anew.
    OwnerOnly.write(
        key,
        "-----BEGIN PRIVATE KEY-----\n"
            + Base64.getMimeEncoder(LINE, new byte[] {'\n'})
                .encodeToString(keys.getPrivate().getEncoded())
            + "\n-----END PRIVATE KEY-----\n");
  }

  private static ApplicationCertificate load(Path key, Path file)
      throws IOException, GeneralSecurityException {
    String pem = Files.readString(key, StandardCharsets.US_ASCII);
    byte[] encoded =
        Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", "").strip());
    PrivateKey secret;
    try {
      secret = KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(encoded));
    } finally {
      Arrays.fill(encoded, (byte) 0);
    }
    List<X509Certificate> chain = new ArrayList<>();
    try (InputStream in = Files.newInputStream(file)) {
      for (Certificate c : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        chain.add((X509Certificate) c);
      }
    }
    if (chain.isEmpty()) {
      throw new GeneralSecurityException(file + " holds no certificate");
    }
    String uri =
        CertificateUtil.getSanUri(chain.get(0))
            .orElseThrow(() -> new GeneralSecurityException(file + " names no application URI"));
    return new ApplicationCertificate(
        new KeyPair(chain.get(0).getPublicKey(), secret), chain, uri, file);
  }
}
