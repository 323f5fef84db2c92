// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.identity.internal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.identity.Identity;
import org.fedwerk.api.message.Party;

/** A key, its certificate and the peers it knows. Thread-safe. */
public final class CertificateIdentity implements Identity {
  private final CertificateName name;
  private final PrivateKey key;
  private final String keyId;
  private final X509Certificate authority;
  private final Roster roster;
  private final String brokerHost;
  private final int brokerPort;
  private final Clock clock;
  private final TlsStores tls;

  /**
   * With files for TLS in a folder.
   *
   * @param key the private key
   * @param signing the certificate others know this key by
   * @param serving the certificate shown in TLS; of the same key, maybe with host names
   * @param authority the federation's CA
   * @param roster known peers
   * @param folder where the PKCS #12 files go
   */
  CertificateIdentity(
      PrivateKey key,
      X509Certificate signing,
      X509Certificate serving,
      X509Certificate authority,
      Roster roster,
      String brokerHost,
      int brokerPort,
      Path folder,
      Clock clock)
      throws RefusedException, IOException {
    this.name = CertificateName.of(signing);
    this.key = key;
    this.keyId = CertificateName.fingerprint(signing).hex();
    this.authority = authority;
    this.roster = roster;
    this.brokerHost = brokerHost;
    this.brokerPort = brokerPort;
    this.clock = clock;
    this.tls = writeStores(key, serving, authority, folder);
  }

  private static TlsStores writeStores(
      PrivateKey key, X509Certificate serving, X509Certificate authority, Path folder)
      throws IOException {
    byte[] random = new byte[24];
    new SecureRandom().nextBytes(random);
    char[] password = HexFormat.of().formatHex(random).toCharArray();
    OwnerOnly.folder(folder);
    Path keys = folder.resolve("tls-keys.p12");
    Path trust = folder.resolve("tls-trust.p12");
    try {
      KeyStore keyStore = KeyStore.getInstance("PKCS12");
      keyStore.load(null, null);
      keyStore.setKeyEntry("own", key, password, new Certificate[] {serving, authority});
      OwnerOnly.write(keys, bytes(keyStore, password));
      KeyStore trustStore = KeyStore.getInstance("PKCS12");
      trustStore.load(null, null);
      trustStore.setCertificateEntry("authority", authority);
      OwnerOnly.write(trust, bytes(trustStore, password));
    } catch (GeneralSecurityException missing) {
      throw new IOException(
          "PKCS #12 files could not be written to " + folder + "; use a complete JDK 17", missing);
    }
    return new TlsStores(keys, trust, password);
  }

  private static byte[] bytes(KeyStore store, char[] password)
      throws IOException, GeneralSecurityException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    store.store(out, password);
    return out.toByteArray();
  }

  @Override
  public String federation() {
    return name.federation();
  }

  @Override
  public Party self() {
    return name.party();
  }

  @Override
  public String brokerHost() {
    return brokerHost;
  }

  @Override
  public int brokerPort() {
    return brokerPort;
  }

  @Override
  public String keyId() {
    return keyId;
  }

  @Override
  public byte[] sign(byte[] bytes) {
    try {
      Signature signature = Signature.getInstance(Issuer.SIGNATURE);
      signature.initSign(key);
      signature.update(bytes);
      return signature.sign();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("the key of " + name.party() + " cannot sign", impossible);
    }
  }

  @Override
  public Party verify(String peerKeyId, byte[] bytes, byte[] signature) throws RefusedException {
    Roster.Entry peer = roster.find(peerKeyId);
    if (peer == null) {
      throw new RefusedException(
          "signature", "its key is not known here; the sender is not enrolled in this federation");
    }
    if (!peer.name().federation().equals(name.federation())) {
      throw new RefusedException(
          "signature", "the sender is of federation " + peer.name().federation());
    }
    if (peer.revoked()) {
      throw new RefusedException(
          "signature", "the certificate of " + peer.name().party() + " is revoked");
    }
    Issuer.checkValidity(peer.certificate(), clock);
    Issuer.checkValidity(authority, clock);
    if (!matches(peer.certificate(), bytes, signature)) {
      throw new RefusedException(
          "signature",
          "it does not match what "
              + peer.name().party()
              + " is said to have signed; the message was changed or forged");
    }
    return peer.name().party();
  }

  private static boolean matches(X509Certificate certificate, byte[] bytes, byte[] signature) {
    try {
      Signature check = Signature.getInstance(Issuer.SIGNATURE);
      check.initVerify(certificate.getPublicKey());
      check.update(bytes);
      return check.verify(signature);
    } catch (SignatureException malformed) {
      return false;
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException(
          "this Java runtime has no ECDSA; use a complete JDK 17", missing);
    }
  }

  @Override
  public TlsStores tls() {
    return new TlsStores(tls.keys(), tls.trust(), tls.password().clone());
  }

  @Override
  public List<Peer> roster() {
    return roster.peers();
  }
}
