// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.link;

/** A message could not be handed over; the message says why and what to do. */
public class LinkException extends Exception {
  private static final long serialVersionUID = 1L;

  /** With the reason. */
  public LinkException(String message) {
    super(message);
  }
}
