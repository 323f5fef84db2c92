// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.mqtt.internal;

import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.fedwerk.api.data.EncodedImage;
import org.fedwerk.api.signal.ImageInspection;

/** Makes images of messages, within the bounds of one source. */
final class ImageMapper {
  /** MQTT 5 user property that says when the picture was taken. */
  static final String TIME = "time";

  private final ImageInspection inspection;
  private final int maxBytes;
  private final int maxPixels;
  private final Clock clock;

  ImageMapper(ImageInspection inspection, MqttSettings settings, Clock clock) {
    this.inspection = inspection;
    this.maxBytes = settings.imageBytes();
    this.maxPixels = settings.imagePixels();
    this.clock = clock;
  }

  /** When the picture was taken; that of arrival if the message does not say. */
  Instant time(Incoming message) throws Unusable {
    String time = message.time();
    return time == null ? clock.instant() : JsonField.time(time, "user property " + TIME);
  }

  /**
   * The image.
   *
   * @throws Unusable if nothing can be learned from it
   */
  EncodedImage image(Incoming message) throws Unusable {
    EncodedImage image = new EncodedImage(message.payload());
    Optional<String> problem = inspection.problem(image, maxBytes, maxPixels);
    if (problem.isPresent()) {
      throw new Unusable("the image " + problem.get());
    }
    return image;
  }
}
