// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.fault;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.identity.Identity;
import org.fedwerk.api.message.Party;

/**
 * Identities of a simulated federation whose signatures are keyed hashes: they repeat themselves
 * bit by bit and cost microseconds, which signatures with a fresh random number each do not. Any
 * thread may call.
 */
public final class SharedSecrets {
  /** A keyed hash by itself. */
  public static final int HASH = 32;

  /** As long as most signatures by ECDSA with P-256 in DER. */
  public static final int LIKE_ECDSA = 71;

  private final String federation;
  private final int length;
  private final Map<String, Party> parties = new ConcurrentSkipListMap<>();

  /**
   * Knows nobody yet.
   *
   * @param length of a signature in bytes, at least {@value #HASH}; what is over is zeros
   */
  public SharedSecrets(String federation, int length) {
    this.federation = federation;
    this.length = length;
  }

  /** The identity of a party; everybody knows it at once. */
  public Identity identity(Party party) {
    String keyId = keyed(party.urn(federation), new byte[0]).hex();
    parties.put(keyId, party);
    return new Simulated(party, keyId);
  }

  private byte[] signature(String key, byte[] bytes) {
    return Arrays.copyOf(keyed(key, bytes).raw(), length);
  }

  private static Digest keyed(String key, byte[] bytes) {
    MessageDigest sha256 = Digest.sha256();
    sha256.update(("key of " + key).getBytes(StandardCharsets.UTF_8));
    sha256.update(bytes);
    return Digest.ofRaw(sha256.digest());
  }

  private final class Simulated implements Identity {
    private final Party self;
    private final String keyId;

    Simulated(Party self, String keyId) {
      this.self = self;
      this.keyId = keyId;
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
      return signature(keyId, bytes);
    }

    @Override
    public Party verify(String peer, byte[] bytes, byte[] signature) throws RefusedException {
      Party party = parties.get(peer);
      if (party == null || !MessageDigest.isEqual(signature, signature(peer, bytes))) {
        throw new RefusedException("signature", "it does not fit the message");
      }
      return party;
    }

    @Override
    public TlsStores tls() {
      throw new IllegalStateException("a simulated federation has no network and so no TLS");
    }

    @Override
    public List<Peer> roster() {
      List<Peer> peers = new ArrayList<>();
      parties.forEach((id, party) -> peers.add(new Peer(party, id, false)));
      return peers;
    }
  }
}
