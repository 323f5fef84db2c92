// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.internal;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.identity.Identity;
import org.fedwerk.api.message.Party;

/**
 * Identities of a simulated federation: real ECDSA P-256 keys that know each other, without
 * certificates.
 */
final class KeyRing {
  private final String federation;
  private final Map<String, Known> byKey = new LinkedHashMap<>();

  private record Known(Party party, PublicKey key) {}

  KeyRing(String federation) {
    this.federation = federation;
  }

  /** Makes a key for a party; everybody knows it at once. */
  synchronized Identity identity(Party party) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair pair = generator.generateKeyPair();
      String id = Digest.of(pair.getPublic().getEncoded()).hex();
      byKey.put(id, new Known(party, pair.getPublic()));
      return new Simulated(party, id, pair);
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException(
          "this Java runtime has no P-256; use a complete JDK 17", missing);
    }
  }

  private synchronized Known known(String keyId) throws RefusedException {
    Known known = byKey.get(keyId);
    if (known == null) {
      throw new RefusedException("signature", "its key is not known in this federation");
    }
    return known;
  }

  private synchronized List<Identity.Peer> peers() {
    List<Identity.Peer> peers = new ArrayList<>();
    byKey.forEach((id, known) -> peers.add(new Identity.Peer(known.party(), id, false)));
    return peers;
  }

  private final class Simulated implements Identity {
    private final Party self;
    private final String keyId;
    private final KeyPair pair;

    Simulated(Party self, String keyId, KeyPair pair) {
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
        throw new IllegalStateException("a P-256 key of this process does not sign", broken);
      }
    }

    @Override
    public Party verify(String id, byte[] bytes, byte[] signed) throws RefusedException {
      Known known = known(id);
      try {
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initVerify(known.key());
        signature.update(bytes);
        if (!signature.verify(signed)) {
          throw new RefusedException("signature", "it does not fit the message");
        }
      } catch (GeneralSecurityException malformed) {
        throw new RefusedException("signature", "it is malformed");
      }
      return known.party();
    }

    @Override
    public TlsStores tls() {
      throw new IllegalStateException("a simulated federation has no network and so no TLS");
    }

    @Override
    public List<Peer> roster() {
      return peers();
    }
  }
}
