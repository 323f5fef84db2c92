// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.window.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.fedwerk.api.data.Derivation;
import org.fedwerk.api.data.EncodedImage;
import org.fedwerk.api.data.ImageSpec;
import org.fedwerk.api.data.Part;
import org.fedwerk.api.data.PartData;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.data.Series;
import org.fedwerk.api.data.SignalSpec;
import org.fedwerk.api.data.Tensor;
import org.fedwerk.api.data.WindowSpec;
import org.fedwerk.api.signal.ImageInspection;
import org.osgi.service.component.annotations.Component;

/**
 * Sample and hold at the end of each step. Step k covers [begin + k step, begin + (k + 1) step): a
 * sample at the very end belongs to the next step, so that an even rate of one sample a step gives
 * exactly these samples. Of a window features are made, {@link FeatureTensor}; an image becomes
 * {@link ImageTensor}.
 */
@Component(service = Derivation.class)
public final class SchemaDerivation implements Derivation {
  private static final Series NOTHING = new Series(new long[0], new double[0]);

  @Override
  public Result derive(Schema schema, PartData data) {
    ImageSpec image = schema.image();
    return image == null ? window(schema, data) : image(image, data);
  }

  private static Result image(ImageSpec spec, PartData data) {
    EncodedImage image = data.images().get(spec.signal());
    if (image == null) {
      return nothing(spec, "no image of signal " + spec.signal() + " came");
    }
    try {
      Pixels pixels =
          ImageDecoder.decode(
              image.bytes(), ImageInspection.MOST_BYTES, ImageInspection.MOST_PIXELS);
      return new Result(Optional.of(ImageTensor.of(spec, pixels)), 0, "");
    } catch (UnsoundImage unsound) {
      return nothing(spec, "the image of " + spec.signal() + " " + unsound.getMessage());
    }
  }

  private static Result nothing(ImageSpec spec, String reason) {
    int size = spec.channels() * spec.width() * spec.height();
    return new Result(Optional.empty(), size, reason);
  }

  private static Result window(Schema schema, PartData data) {
    int steps = schema.window().steps();
    float[] values = new float[schema.sampledSize()];
    Arrays.fill(values, Float.NaN);
    int missing = 0;
    List<String> gaps = new ArrayList<>();
    for (int row = 0; row < schema.signals().size(); row++) {
      SignalSpec signal = schema.signals().get(row);
      Series series = data.series().getOrDefault(signal.name(), NOTHING);
      int found = fill(values, row * steps, schema.window(), signal, series, data.part());
      if (found == 0) {
        return new Result(
            Optional.empty(),
            values.length,
            "signal " + signal.name() + " gave no usable value: " + why(series));
      }
      if (found < steps) {
        missing += steps - found;
        gaps.add(signal.name() + " " + (steps - found));
      }
    }
    String reason =
        missing == 0
            ? ""
            : missing + " of " + values.length + " values missing: " + String.join(", ", gaps);
    if (2L * missing > values.length) {
      return new Result(Optional.empty(), missing, reason);
    }
    Tensor window = new Tensor(new int[] {schema.signals().size(), steps}, values);
    return new Result(Optional.of(FeatureTensor.of(schema.features(), window)), missing, reason);
  }

  /** Fills one row and tells how many values it got. */
  private static int fill(
      float[] values, int offset, WindowSpec window, SignalSpec signal, Series series, Part part) {
    long step = Nanos.length(window.step());
    long maxGap = Nanos.length(signal.maxGap());
    long partEnd = Nanos.near(part.end());
    long stepBegin = Nanos.near(part.begin());
    int next = 0;
    int found = 0;
    for (int k = 0; k < window.steps() && stepBegin < partEnd; k++) {
      long stepEnd = Nanos.plus(stepBegin, step);
      while (next < series.times().length && series.times()[next] < stepEnd) {
        next++;
      }
      if (next > 0 && stepEnd - series.times()[next - 1] <= maxGap) {
        double value = series.values()[next - 1];
        if (value >= signal.min() && value <= signal.max()) {
          values[offset + k] = (float) value;
          found++;
        }
      }
      stepBegin = stepEnd;
    }
    return found;
  }

  private static String why(Series series) {
    if (series.values().length == 0) {
      return "no sample came";
    }
    boolean numbers = Arrays.stream(series.values()).anyMatch(value -> !Double.isNaN(value));
    return numbers
        ? "its samples are out of range, too old or after the window"
        : "its samples are bad or of a wrong type";
  }
}
