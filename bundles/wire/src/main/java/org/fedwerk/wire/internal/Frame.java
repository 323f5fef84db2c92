// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.wire.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;

/**
 * The outermost layout of a sealed message. It is fixed and not protobuf, so that every byte of it
 * has exactly one meaning and none can be added unsigned.
 *
 * @param header exact header bytes
 * @param body exact body bytes
 * @param keyId hexadecimal fingerprint of the signer's certificate
 * @param signature over {@link #signed()}
 */
record Frame(byte[] header, byte[] body, String keyId, byte[] signature) {
  /** Largest sealed message: a packet of 96 KiB less 1 KiB for topic and properties. */
  static final int MAX_BYTES = 95 * 1024;

  static final int MAX_HEADER_BYTES = 1024;
  static final int MAX_SIGNATURE_BYTES = 128;

  private static final byte[] MAGIC = "FWK1".getBytes(StandardCharsets.US_ASCII);
  private static final int KEY_ID_BYTES = 32;
  private static final byte[] DOMAIN =
      "fedwerk sealed message 1\n".getBytes(StandardCharsets.US_ASCII);

  /** What is signed. The body goes in by its digest, whose length is fixed. */
  static byte[] signed(byte[] header, byte[] body) {
    byte[] digest = Digest.of(body).raw();
    return ByteBuffer.allocate(DOMAIN.length + header.length + digest.length)
        .put(DOMAIN)
        .put(header)
        .put(digest)
        .array();
  }

  byte[] signed() {
    return signed(header, body);
  }

  byte[] bytes() {
    return ByteBuffer.allocate(
            MAGIC.length
                + 2 * Integer.BYTES
                + header.length
                + body.length
                + KEY_ID_BYTES
                + Short.BYTES
                + signature.length)
        .put(MAGIC)
        .putInt(header.length)
        .put(header)
        .putInt(body.length)
        .put(body)
        .put(HexFormat.of().parseHex(keyId))
        .putShort((short) signature.length)
        .put(signature)
        .array();
  }

  static Frame parse(byte[] sealed) throws RefusedException {
    if (sealed.length > MAX_BYTES) {
      throw refused("has " + sealed.length + " bytes, allowed are " + MAX_BYTES);
    }
    ByteBuffer rest = ByteBuffer.wrap(sealed);
    if (!Arrays.equals(take(rest, MAGIC.length), MAGIC)) {
      throw refused("does not begin like a sealed message of Fedwerk");
    }
    byte[] header = take(rest, number(rest, MAX_HEADER_BYTES, "header"));
    byte[] body = take(rest, number(rest, MAX_BYTES, "body"));
    String keyId = HexFormat.of().formatHex(take(rest, KEY_ID_BYTES));
    int length = ByteBuffer.wrap(take(rest, Short.BYTES)).getShort() & 0xffff;
    if (length > MAX_SIGNATURE_BYTES) {
      throw refused("claims a signature of " + length + " bytes");
    }
    byte[] signature = take(rest, length);
    if (rest.hasRemaining()) {
      throw refused("has " + rest.remaining() + " bytes after its end");
    }
    return new Frame(header, body, keyId, signature);
  }

  private static int number(ByteBuffer rest, int most, String what) throws RefusedException {
    int length = ByteBuffer.wrap(take(rest, Integer.BYTES)).getInt();
    if (length < 0 || length > most) {
      throw refused("claims a " + what + " longer than " + most + " bytes");
    }
    return length;
  }

  private static byte[] take(ByteBuffer rest, int length) throws RefusedException {
    if (length > rest.remaining()) {
      throw refused("is truncated: it ends " + (length - rest.remaining()) + " bytes too early");
    }
    byte[] taken = new byte[length];
    rest.get(taken);
    return taken;
  }

  private static RefusedException refused(String what) {
    return new RefusedException("frame", what);
  }
}
