// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.learn;

/** Who owns an entry of a layout. */
public enum ParameterRole {
  /** Learned together; part of the global digest and of updates. */
  SHARED,
  /** Learned at the site, never leaves it. */
  LOCAL,
  /** Given, never changed by training. */
  FROZEN,
  /** Not learned by gradient, such as running statistics. */
  BUFFER
}
