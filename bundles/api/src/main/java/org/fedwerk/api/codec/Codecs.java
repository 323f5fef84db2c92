// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.codec;

import org.fedwerk.api.task.Coding;
import org.fedwerk.api.task.CompressionSpec;

/** Makes codecs. Implemented by the codec room; any thread may call. */
public interface Codecs {
  /** Float32, value by value. */
  RangeCodec plain();

  /** A codec as a task wants it. */
  RangeCodec coded(Coding coding);

  /** The codec of a task's updates. */
  default RangeCodec updates(CompressionSpec spec) {
    return spec.isCoded() ? coded(spec.up()) : plain();
  }
}
