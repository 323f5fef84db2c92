// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.wire.internal;

import com.google.protobuf.ByteString;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;

/**
 * What a receiver takes. Refusals name the field and the bound, never the value: they are logged
 * before it is known who speaks.
 */
final class Bounds {
  static final int ID_CHARS = 40;
  static final int NAME_CHARS = 64;
  static final int REASON_CHARS = 16 * 1024;
  static final int NOTE_CHARS = 4096;
  static final int YAML_CHARS = 64 * 1024;
  static final int COHORT = 1000;
  static final int SECTIONS = 16;
  static final int CHUNKS = 2000;
  static final int CHUNK_BYTES = 96 * 1024;
  static final int TASKS = 256;
  static final int METRICS = 64;
  static final int CLASSES = 64;
  static final int FETCHED = 1000;
  static final int SERVED = 8;
  static final int STATISTICS = 1000;

  private Bounds() {}

  static RefusedException refused(String field, String what) {
    return new RefusedException(field, what);
  }

  static int entries(String field, int size, int most) throws RefusedException {
    if (size > most) {
      throw refused(field, "has " + size + " entries, allowed are " + most);
    }
    return size;
  }

  /** Line breaks and tabs are the only control characters taken: texts end in terminals. */
  static String text(String field, String text, int most) throws RefusedException {
    if (text.length() > most) {
      throw refused(field, "has " + text.length() + " characters, allowed are " + most);
    }
    if (text.chars()
        .anyMatch(c -> Character.isISOControl(c) && c != '\n' && c != '\r' && c != '\t')) {
      throw refused(field, "holds control characters");
    }
    return text;
  }

  static String name(String field, String text) throws RefusedException {
    if (text.isEmpty()) {
      throw refused(field, "is missing");
    }
    return text(field, text, NAME_CHARS);
  }

  static int natural(String field, int value) throws RefusedException {
    if (value < 0) {
      throw refused(field, "is negative or above " + Integer.MAX_VALUE);
    }
    return value;
  }

  static long natural(String field, long value) throws RefusedException {
    if (value < 0) {
      throw refused(field, "is negative or above " + Long.MAX_VALUE);
    }
    return value;
  }

  static int positive(String field, int value) throws RefusedException {
    if (natural(field, value) == 0) {
      throw refused(field, "is missing or 0, at least 1 is needed");
    }
    return value;
  }

  static Digest digest(String field, ByteString raw) throws RefusedException {
    if (raw.size() != 32) {
      throw refused(field, "has " + raw.size() + " bytes, a digest has 32");
    }
    return Digest.ofRaw(raw.toByteArray());
  }

  static ByteString raw(Digest digest) {
    return ByteString.copyFrom(digest.raw());
  }
}
