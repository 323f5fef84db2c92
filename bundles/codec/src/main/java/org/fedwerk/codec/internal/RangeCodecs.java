// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.codec.internal;

import java.util.List;
import org.fedwerk.api.codec.Codecs;
import org.fedwerk.api.codec.RangeCodec;
import org.fedwerk.api.codec.UpdateRange;
import org.fedwerk.api.learn.Layout;
import org.fedwerk.api.task.Coding;
import org.fedwerk.api.task.CompressionSpec;
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

  @Override
  public List<UpdateRange> updates(CompressionSpec spec, Layout layout, int rangeElements) {
    RangeCodec codec = spec.isCoded() ? coded(spec.up()) : PLAIN;
    UpdateCut cut = new UpdateCut(codec, rangeElements);
    return spec.up().sparsity() == Coding.Sparsity.LOW_RANK
        ? cut.atMatrices(layout, spec.up())
        : cut.evenly(layout.size());
  }

  @Override
  public List<UpdateRange> models(CompressionSpec spec, int elements, int rangeElements) {
    RangeCodec codec = spec.down().map(this::coded).orElse(PLAIN);
    return new UpdateCut(codec, rangeElements).evenly(elements);
  }

  @Override
  public long payload(List<UpdateRange> ranges) {
    return UpdateSize.of(ranges);
  }
}
