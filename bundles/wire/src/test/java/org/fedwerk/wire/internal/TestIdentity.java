// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.wire.internal;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.identity.Identity;
import org.fedwerk.api.message.Party;

/** Real P-256 keys without certificates: the key id is the SHA-256 of the encoded public key. */
final class TestIdentity implements Identity {
  private final String federation;
  private final Party self;
  private final KeyPair keys;
  private final Map<String, Party> parties = new HashMap<>();
  private final Map<String, PublicKey> publicKeys = new HashMap<>();

  TestIdentity(String federation, Party self) {
    this.federation = federation;
    this.self = self;
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      this.keys = generator.generateKeyPair();
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException(missing);
    }
  }

  static TestIdentity site(String id) {
    return new TestIdentity("pumps", new Party(Party.Role.SITE, id));
  }

  static TestIdentity coordinator(String id) {
    return new TestIdentity("pumps", new Party(Party.Role.COORDINATOR, id));
  }

  /** This identity learns to verify what the peer signs. */
  TestIdentity knows(TestIdentity peer) {
    return knows(peer.self, peer.publicKey());
  }

  TestIdentity knows(Party party, byte[] publicKey) {
    try {
      String keyId = Digest.of(publicKey).hex();
      parties.put(keyId, party);
      publicKeys.put(
          keyId, KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(publicKey)));
      return this;
    } catch (GeneralSecurityException malformed) {
      throw new IllegalArgumentException(malformed);
    }
  }

  byte[] publicKey() {
    return keys.getPublic().getEncoded();
  }

  @Override
  public String federation() {
    return federation;
  }

  @Override
  public Party self() {
    return self;
  }

  @Override
  public String brokerHost() {
    return "127.0.0.1";
  }

  @Override
  public int brokerPort() {
    return 0;
  }

  @Override
  public String keyId() {
    return Digest.of(publicKey()).hex();
  }

  @Override
  public byte[] sign(byte[] bytes) {
    try {
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(keys.getPrivate());
      signature.update(bytes);
      return signature.sign();
    } catch (GeneralSecurityException broken) {
      throw new IllegalStateException(broken);
    }
  }

  @Override
  public Party verify(String keyId, byte[] bytes, byte[] signed) throws RefusedException {
    PublicKey key = publicKeys.get(keyId);
    if (key == null) {
      throw new RefusedException("signature", "the key is unknown");
    }
    boolean right;
    try {
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initVerify(key);
      signature.update(bytes);
      right = signature.verify(signed);
    } catch (GeneralSecurityException malformed) {
      right = false;
    }
    if (!right) {
      throw new RefusedException("signature", "the signature is wrong");
    }
    return parties.get(keyId);
  }

  @Override
  public TlsStores tls() {
    throw new UnsupportedOperationException("no TLS here");
  }

  @Override
  public List<Peer> roster() {
    return List.of();
  }
}
