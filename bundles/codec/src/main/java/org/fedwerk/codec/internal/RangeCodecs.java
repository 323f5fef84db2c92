// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.codec.internal;

import org.fedwerk.api.codec.Codecs;
import org.fedwerk.api.codec.RangeCodec;
import org.fedwerk.api.task.Coding;
import org.osgi.service.component.annotations.Component;

/** The codecs that there are. No state; any thread may call. */
@Component
public final class RangeCodecs implements Codecs {
  private static final RangeCodec PLAIN = new PlainRange();

  @Override
  public RangeCodec plain() {
    return PLAIN;
  }

  @Override
  public RangeCodec coded(Coding coding) {
    return new CodedRange(coding, Packer.of(coding.packing()));
  }
}
