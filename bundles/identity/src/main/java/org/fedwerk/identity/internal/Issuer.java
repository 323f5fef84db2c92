// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.identity.internal;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.message.Party;

/**
 * The key and certificate of a federation's CA, and what it signs.
 *
 * @param federation the federation's name
 * @param key the CA's private key
 * @param certificate the CA's certificate
 */
record Issuer(String federation, PrivateKey key, X509Certificate certificate) {
  static final String SIGNATURE = "SHA256withECDSA";

  private static final Duration CA_LIFE = Duration.ofDays(20 * 365L);
  private static final Duration LIFE = Duration.ofDays(5 * 365L);

  /** Clocks at sites may be behind. */
  private static final Duration SKEW = Duration.ofDays(1);

  private static final SecureRandom RANDOM = new SecureRandom();

  /** A fresh P-256 key. */
  static KeyPair newKey() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException(
          "this Java runtime has no P-256 keys; use a complete JDK 17", missing);
    }
  }

  /** A new CA. */
  static Issuer create(String federation, Clock clock) {
    KeyPair pair = newKey();
    X500Principal name = new X500Principal("CN=Fedwerk CA,O=" + federation);
    Instant now = clock.instant();
    JcaX509v3CertificateBuilder builder = builder(name, name, pair.getPublic(), now, CA_LIFE);
    try {
      JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      builder.addExtension(
          Extension.subjectKeyIdentifier,
          false,
          identifiers.createSubjectKeyIdentifier(pair.getPublic()));
      return new Issuer(federation, pair.getPrivate(), sign(builder, pair.getPrivate()));
    } catch (IOException | GeneralSecurityException impossible) {
      throw new IllegalStateException("a CA certificate could not be built", impossible);
    }
  }

  /**
   * A certificate for a party.
   *
   * @param hosts DNS names and IP addresses it serves TLS under; none makes it a client only
   */
  X509Certificate issue(Party party, PublicKey subject, Collection<String> hosts, Clock clock) {
    X500Principal name = new X500Principal("CN=" + party + ",O=" + federation);
    JcaX509v3CertificateBuilder builder =
        builder(certificate.getSubjectX500Principal(), name, subject, clock.instant(), LIFE);
    List<GeneralName> names = new ArrayList<>();
    names.add(new GeneralName(GeneralName.uniformResourceIdentifier, party.urn(federation)));
    hosts.forEach(host -> names.add(host(host)));
    KeyPurposeId[] purposes =
        hosts.isEmpty()
            ? new KeyPurposeId[] {KeyPurposeId.id_kp_clientAuth}
            : new KeyPurposeId[] {KeyPurposeId.id_kp_clientAuth, KeyPurposeId.id_kp_serverAuth};
    return issue(builder, subject, names, purposes, party.toString());
  }

  /**
   * A certificate for a broker: good for a TLS server under these hosts and for nothing else.
   *
   * @param hosts DNS names and IP addresses
   */
  X509Certificate issueServer(PublicKey subject, Collection<String> hosts, Clock clock) {
    X500Principal name = new X500Principal("CN=broker,O=" + federation);
    JcaX509v3CertificateBuilder builder =
        builder(certificate.getSubjectX500Principal(), name, subject, clock.instant(), LIFE);
    KeyPurposeId[] purposes = {KeyPurposeId.id_kp_serverAuth};
    return issue(builder, subject, hosts.stream().map(Issuer::host).toList(), purposes, "a broker");
  }

  private static GeneralName host(String host) {
    return new GeneralName(isAddress(host) ? GeneralName.iPAddress : GeneralName.dNSName, host);
  }

  private X509Certificate issue(
      JcaX509v3CertificateBuilder builder,
      PublicKey subject,
      List<GeneralName> names,
      KeyPurposeId[] purposes,
      String whom) {
    try {
      JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes));
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(names.toArray(new GeneralName[0])));
      builder.addExtension(
          Extension.subjectKeyIdentifier, false, identifiers.createSubjectKeyIdentifier(subject));
      builder.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          identifiers.createAuthorityKeyIdentifier(certificate));
      return sign(builder, key);
    } catch (IOException | GeneralSecurityException impossible) {
      throw new IllegalStateException("a certificate for " + whom + " failed", impossible);
    }
  }

  /** A PKCS #10 request that proves possession of a key; names are the authority's to give. */
  static byte[] request(KeyPair pair) {
    try {
      return new JcaPKCS10CertificationRequestBuilder(
              new X500Principal("CN=site"), pair.getPublic())
          .build(new JcaContentSignerBuilder(SIGNATURE).build(pair.getPrivate()))
          .getEncoded();
    } catch (OperatorCreationException | IOException impossible) {
      throw new IllegalStateException("a certificate request could not be built", impossible);
    }
  }

  /** The key of a request, if it is P-256 and the request is signed with it. */
  static PublicKey requestedKey(byte[] request) throws RefusedException {
    try {
      PKCS10CertificationRequest read = new PKCS10CertificationRequest(request);
      PublicKey key = new JcaPKCS10CertificationRequest(read).getPublicKey();
      if (!(key instanceof ECPublicKey ec)
          || ec.getParams().getCurve().getField().getFieldSize() != 256) {
        throw new RefusedException("request", "its key is not elliptic curve P-256");
      }
      if (!read.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
        throw new RefusedException("request", "it is not signed with the key it asks for");
      }
      return key;
    } catch (IOException
        | GeneralSecurityException
        | OperatorCreationException
        | PKCSException
        | IllegalArgumentException unreadable) {
      throw new RefusedException("request", "it is no PKCS #10 request that can be read");
    }
  }

  /** Refuses a certificate that this CA did not sign or that is not valid now. */
  static void check(X509Certificate certificate, X509Certificate authority, Clock clock)
      throws RefusedException {
    checkIssued(certificate, authority);
    checkValidity(certificate, clock);
    checkValidity(authority, clock);
  }

  /** Refuses a certificate that this CA did not sign. */
  static void checkIssued(X509Certificate certificate, X509Certificate authority)
      throws RefusedException {
    try {
      if (authority.getBasicConstraints() < 0
          || !certificate.getIssuerX500Principal().equals(authority.getSubjectX500Principal())) {
        throw new RefusedException("certificate", "it was not issued by the federation's CA");
      }
      certificate.verify(authority.getPublicKey());
    } catch (GeneralSecurityException foreign) {
      throw new RefusedException("certificate", "it was not issued by the federation's CA");
    }
  }

  /** Refuses a certificate outside its validity. */
  static void checkValidity(X509Certificate certificate, Clock clock) throws RefusedException {
    Instant now = clock.instant();
    if (now.isBefore(certificate.getNotBefore().toInstant())
        || now.isAfter(certificate.getNotAfter().toInstant())) {
      throw new RefusedException(
          "certificate",
          String.format(
              Locale.ROOT,
              "that of %s is valid from %s to %s, and it is %s here; check the clock, or enrol anew",
              certificate.getSubjectX500Principal().getName(),
              certificate.getNotBefore().toInstant(),
              certificate.getNotAfter().toInstant(),
              now));
    }
  }

  private static JcaX509v3CertificateBuilder builder(
      X500Principal issuer, X500Principal subject, PublicKey key, Instant now, Duration life) {
    return new JcaX509v3CertificateBuilder(
        issuer,
        new BigInteger(127, RANDOM).setBit(126),
        Date.from(now.minus(SKEW)),
        Date.from(now.plus(life)),
        subject,
        key);
  }

  private static X509Certificate sign(JcaX509v3CertificateBuilder builder, PrivateKey key)
      throws GeneralSecurityException {
    try {
      return new JcaX509CertificateConverter()
          .getCertificate(builder.build(new JcaContentSignerBuilder(SIGNATURE).build(key)));
    } catch (OperatorCreationException impossible) {
      throw new IllegalStateException("ECDSA is not available", impossible);
    }
  }

  /** IPv4 in dots, or anything with a colon; a name is never looked up. */
  private static boolean isAddress(String host) {
    return host.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}") || host.contains(":");
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "Issuer[" + federation + "]";
  }
}
