// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.task.internal;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.fedwerk.api.data.ImageSpec;

/** The part of a schema whose input is an image, in the place of signals and window. */
final class ImageSection {
  static final String KEY = "image";

  private static final int SIDE = 1024;
  private static final String DERIVE = "derive";
  private static final String RESIZE = "resize";
  private static final String GREY = "grey";
  private static final String RGB = "rgb";

  private ImageSection() {}

  static ImageSpec read(Mapping schema) {
    for (String other : List.of("signals", "window", FeaturesSection.KEY, RegimesSection.KEY)) {
      if (schema.optional(other).isPresent()) {
        schema.refuse(other, "goes with windows, and image is given; keep one of the two");
      }
    }
    Mapping image = schema.group(KEY, List.of("signal", "width", "height", "channels", DERIVE));
    String signal =
        image
            .required("signal", "the name of the signal that delivers images")
            .map(value -> value.word(SchemaSection.NAME, SchemaSection.NAMES))
            .orElse("");
    int width = side(image, "width");
    int height = side(image, "height");
    int channels =
        image
                .required("channels", GREY + " or " + RGB)
                .map(value -> value.choice(List.of(GREY, RGB)))
                .orElse(GREY)
                .equals(RGB)
            ? ImageSpec.RGB
            : ImageSpec.GREY;
    if (channels * width * height > SchemaSection.INPUTS) {
      schema.refuse(
          KEY,
          channels
              + " channels of "
              + width
              + " x "
              + height
              + " are more than "
              + SchemaSection.INPUTS
              + " values; use a smaller width or height");
    }
    Set<String> derived = derived(image);
    boolean greys = derived.contains(GREY);
    if (greys && channels == ImageSpec.RGB) {
      image.refuse(DERIVE, "grey goes with channels: grey, not with rgb; leave it out");
      greys = false;
    }
    return new ImageSpec(signal, width, height, channels, derived.contains(RESIZE), greys);
  }

  private static int side(Mapping image, String key) {
    return image
        .required(key, "the number of pixels, from 1 to " + SIDE)
        .map(value -> (int) value.whole(1, SIDE))
        .orElse(1);
  }

  private static Set<String> derived(Mapping image) {
    Set<String> derived = new HashSet<>();
    List<Value> items =
        image.optional(DERIVE).map(value -> value.items(0, 2, "derivations")).orElse(List.of());
    for (Value item : items) {
      String word = item.choice(List.of(RESIZE, GREY));
      if (!derived.add(word)) {
        item.refuse(word + " stands twice; keep one");
      }
    }
    return derived;
  }
}
