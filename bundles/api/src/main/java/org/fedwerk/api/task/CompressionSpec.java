// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.task;

import java.util.Optional;
import org.fedwerk.api.message.Section;

/**
 * How what travels is made smaller.
 *
 * @param up how a site's update is coded
 * @param skipBelow an update of a smaller Euclidean norm is sent as no change; 0 to send all
 * @param down how the change from one version to the next is coded, which is what is committed;
 *     empty if sites get each version as it is
 */
public record CompressionSpec(Coding up, double skipBelow, Optional<Coding> down) {
  /** Every value as float32, in both directions. */
  public static final CompressionSpec NONE = new CompressionSpec(Coding.NONE, 0, Optional.empty());

  /** True if an update is sent in another way than float32, value by value. */
  public boolean isCoded() {
    return !up.equals(Coding.NONE) || skipBelow > 0;
  }

  /** True if what a site did not send is added to its next update. */
  public boolean hasMemory() {
    return up.hasMemory();
  }

  /** True if the coded updates of sites can be added without decoding each. */
  public boolean isSummable() {
    return up.isSummable() && skipBelow == 0;
  }

  /** The name of the encoding of an update (docs/wire.md). */
  public String encoding() {
    return isCoded() ? up.encoding() : Section.F32LE;
  }
}
