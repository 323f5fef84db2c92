// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.stream;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.identity.Identity;
import org.fedwerk.api.message.Party;

/**
 * Real P-256 keys. Of those who spoke in a recording only the public ones are kept, which open what
 * they said; whoever joins them gets a key of its own.
 */
final class StreamKeys {
  private final String federation;
  private final Map<String, Known> byId = new LinkedHashMap<>();

  private record Known(Party party, PublicKey key) {}

  StreamKeys(String federation) {
    this.federation = federation;
  }

  /** Makes a key for a party; everybody knows it at once. */
  Identity identity(Party party) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair pair = generator.generateKeyPair();
      return new Holder(party, know(party, pair.getPublic()), pair);
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException(missing);
    }
  }

  /** Learns to verify what a party signed. */
  void know(Party party, byte[] publicKey) {
    try {
      KeyFactory factory = KeyFactory.getInstance("EC");
      know(party, factory.generatePublic(new X509EncodedKeySpec(publicKey)));
    } catch (GeneralSecurityException malformed) {
      throw new IllegalArgumentException(malformed);
    }
  }

  private String know(Party party, PublicKey key) {
    String id = Digest.of(key.getEncoded()).hex();
    byId.put(id, new Known(party, key));
    return id;
  }

  /** The public keys (SubjectPublicKeyInfo), by party. */
  Map<Party, byte[]> publicKeys() {
    Map<Party, byte[]> keys = new LinkedHashMap<>();
    byId.values().forEach(known -> keys.put(known.party(), known.key().getEncoded()));
    return keys;
  }

  private final class Holder implements Identity {
    private final Party self;
    private final String keyId;
    private final KeyPair pair;

    Holder(Party self, String keyId, KeyPair pair) {
      this.self = self;
      this.keyId = keyId;
      this.pair = pair;
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
      return "";
    }

    @Override
    public int brokerPort() {
      return 0;
    }

    @Override
    public String keyId() {
      return keyId;
    }

    @Override
    public byte[] sign(byte[] bytes) {
      try {
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(pair.getPrivate());
        signature.update(bytes);
        return signature.sign();
      } catch (GeneralSecurityException broken) {
        throw new IllegalStateException(broken);
      }
    }

    @Override
    public Party verify(String id, byte[] bytes, byte[] signed) throws RefusedException {
      Known known = byId.get(id);
      if (known == null) {
        throw new RefusedException("signature", "its key is not known in this federation");
      }
      try {
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initVerify(known.key());
        signature.update(bytes);
        if (signature.verify(signed)) {
          return known.party();
        }
      } catch (GeneralSecurityException malformed) {
        throw new RefusedException("signature", "it is malformed");
      }
      throw new RefusedException("signature", "it does not fit the message");
    }

    @Override
    public TlsStores tls() {
      throw new IllegalStateException("a simulated federation has no network and so no TLS");
    }

    @Override
    public List<Peer> roster() {
      List<Peer> peers = new ArrayList<>();
      byId.forEach((id, known) -> peers.add(new Peer(known.party(), id, false)));
      return peers;
    }
  }
}
