// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api;

/** Something that was registered and can be taken back; closing twice does no harm. */
@FunctionalInterface
public interface Registration extends AutoCloseable {
  @Override
  void close();
}
