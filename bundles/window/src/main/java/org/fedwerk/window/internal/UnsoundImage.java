// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.window.internal;

/** An image that nothing can be learned from; the message ends a sentence about it. */
final class UnsoundImage extends Exception {
  private static final long serialVersionUID = 1L;

  UnsoundImage(String message) {
    super(message);
  }
}
