// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.stream;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.fedwerk.api.Digest;
import org.fedwerk.api.Registration;
import org.fedwerk.api.identity.Identity;
import org.fedwerk.api.link.Address;
import org.fedwerk.api.link.Link;
import org.fedwerk.api.link.LinkListener;
import org.fedwerk.api.message.Kind;

/**
 * The link of a party whose program speaks another version: each sealed message it sends claims
 * that version, and holds a field in header and body that nobody knows today. Written from
 * docs/wire.md, past the wire room.
 */
record OtherProtocol(Link link, Identity identity, int major, int minor) implements Link {
  private static final byte[] DOMAIN =
      "fedwerk sealed message 1\n".getBytes(StandardCharsets.US_ASCII);

  /** Field 111, a number. */
  private static final byte[] UNKNOWN = {(byte) 0xf8, 0x06, 0x2a};

  @Override
  public int maxPayload() {
    return link.maxPayload();
  }

  @Override
  public boolean isConnected() {
    return link.isConnected();
  }

  @Override
  public CompletableFuture<Void> send(Address address, byte[] payload, boolean retained) {
    byte[] said = address.kind() == Kind.CHUNK ? payload : rewritten(payload);
    return link.send(address, said, retained);
  }

  @Override
  public Registration listen(LinkListener listener) {
    return link.listen(listener);
  }

  byte[] rewritten(byte[] sealed) {
    ByteBuffer in = ByteBuffer.wrap(sealed);
    byte[] magic = take(in, 4);
    byte[] header = take(in, in.getInt());
    byte[] body = take(in, in.getInt());
    byte[] key = take(in, 32);
    // The last one of a field counts: fields 1 and 2 are major and minor.
    byte[] version = {0x08, (byte) major, 0x10, (byte) minor};
    byte[] newHeader = joined(header, version, UNKNOWN);
    byte[] newBody = joined(body, UNKNOWN);
    byte[] signature = identity.sign(joined(DOMAIN, newHeader, Digest.of(newBody).raw()));
    return joined(
        magic,
        four(newHeader.length),
        newHeader,
        four(newBody.length),
        newBody,
        key,
        new byte[] {(byte) (signature.length >> 8), (byte) signature.length},
        signature);
  }

  private static byte[] four(int number) {
    return ByteBuffer.allocate(4).putInt(number).array();
  }

  private static byte[] take(ByteBuffer in, int count) {
    byte[] bytes = new byte[count];
    in.get(bytes);
    return bytes;
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
