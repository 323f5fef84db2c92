// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.codec.internal;

import org.fedwerk.api.task.Coding.Packing;

/** Bytes as fewer bytes and back. No state; any thread may call. */
interface Packer {
  /** Fewer bytes, or some more where there is nothing to gain. */
  byte[] pack(byte[] bytes);

  /**
   * The bytes that were packed.
   *
   * @param most that there can be; no more memory than that is taken for them
   * @throws IllegalArgumentException if there are more, or if they cannot be unpacked
   */
  byte[] unpack(byte[] packed, int most);

  /** The packer of a packing. */
  static Packer of(Packing packing) {
    return switch (packing) {
      case NONE -> new Unpacked();
      case DEFLATE -> new Deflated();
      case ZSTD -> new Zstandard();
    };
  }

  /** What it says of more bytes than can be. */
  static IllegalArgumentException tooMany() {
    return CodedRange.malformed("it unpacks to more than a range can be");
  }

  /** Leaves bytes as they are. */
  final class Unpacked implements Packer {
    @Override
    public byte[] pack(byte[] bytes) {
      return bytes;
    }

    @Override
    public byte[] unpack(byte[] packed, int most) {
      return packed;
    }
  }
}
