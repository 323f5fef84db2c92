// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.identity.Identity;
import org.fedwerk.api.message.Party;

/** Identities with real P-256 keys that know each other. */
final class Keys {
  static final String FEDERATION = "plants";

  private final Map<String, Known> known = new LinkedHashMap<>();

  private record Known(Party party, KeyPair pair) {}

  Identity identity(Party.Role role, String id) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair pair = generator.generateKeyPair();
      String keyId = Digest.of(pair.getPublic().getEncoded()).hex();
      known.put(keyId, new Known(new Party(role, id), pair));
      return new Real(new Party(role, id), keyId, pair);
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException(missing);
    }
  }

  private final class Real implements Identity {
    private final Party self;
    private final String keyId;
    private final KeyPair pair;

    Real(Party self, String keyId, KeyPair pair) {
      this.self = self;
      this.keyId = keyId;
      this.pair = pair;
    }

    @Override
    public String federation() {
      return FEDERATION;
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
    public Party verify(String key, byte[] bytes, byte[] signed) throws RefusedException {
      Known signer = known.get(key);
      if (signer == null) {
        throw new RefusedException("signature", "its key is not known here");
      }
      try {
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initVerify(signer.pair().getPublic());
        signature.update(bytes);
        if (!signature.verify(signed)) {
          throw new RefusedException("signature", "it does not match");
        }
      } catch (GeneralSecurityException malformed) {
        throw new RefusedException("signature", "it is malformed");
      }
      return signer.party();
    }

    @Override
    public TlsStores tls() {
      throw new IllegalStateException("no network here");
    }

    @Override
    public List<Peer> roster() {
      return known.entrySet().stream()
          .map(each -> new Peer(each.getValue().party(), each.getKey(), false))
          .toList();
    }
  }
}
