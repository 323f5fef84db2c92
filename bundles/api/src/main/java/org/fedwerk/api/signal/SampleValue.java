// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.signal;

import org.fedwerk.api.Digest;
import org.fedwerk.api.data.EncodedImage;

/** The value of a sample. */
public sealed interface SampleValue {
  /** A number; NaN is allowed here and counts as missing in a window. */
  record Number(double value) implements SampleValue {}

  /** A text, for example a part's serial. */
  record Text(String value) implements SampleValue {}

  /** A boolean. */
  record Bool(boolean value) implements SampleValue {}

  /** A numeric array. */
  record Array(double[] values) implements SampleValue {}

  /** A picture of the part; {@link ImageInspection} has found it sound. */
  record Image(EncodedImage image) implements SampleValue {}

  /** A large value kept in the blob store. */
  record Blob(Digest digest) implements SampleValue {}
}
