// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.opcua.internal;

import org.eclipse.milo.opcua.stack.core.types.builtin.ByteString;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UNumber;
import org.fedwerk.api.data.EncodedImage;
import org.fedwerk.api.signal.SampleValue;
import org.jspecify.annotations.Nullable;

/** What a signal's values may be; anything else is refused. */
enum ValueKind {
  /** A number or a boolean. */
  NUMERIC,
  /** A text; a whole number counts as one, because serials often are. */
  TEXT,
  /** A byte string that is a PNG or JPEG file. */
  IMAGE;

  /** The sample's value; null if this kind does not take it. */
  @Nullable SampleValue map(Object raw) {
    if (this == IMAGE) {
      byte[] bytes = raw instanceof ByteString string ? string.bytes() : null;
      return bytes == null ? null : new SampleValue.Image(new EncodedImage(bytes));
    }
    boolean isWhole =
        raw instanceof Byte
            || raw instanceof Short
            || raw instanceof Integer
            || raw instanceof Long
            || raw instanceof UNumber;
    if (this == TEXT) {
      return raw instanceof String || isWhole ? new SampleValue.Text(raw.toString()) : null;
    }
    if (raw instanceof Boolean bool) {
      return new SampleValue.Bool(bool);
    }
    if (isWhole || raw instanceof Double || raw instanceof Float) {
      return new SampleValue.Number(((Number) raw).doubleValue());
    }
    return null;
  }

  /** A word for what came instead, for people. */
  static String nameOf(Object raw) {
    if (raw.getClass().isArray()) {
      return "array";
    }
    if (raw instanceof String) {
      return "text";
    }
    if (raw instanceof Boolean) {
      return "boolean";
    }
    return raw instanceof Number ? "number" : raw.getClass().getSimpleName();
  }
}
