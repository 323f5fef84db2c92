// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api;

import java.util.List;
import java.util.stream.Collectors;

/** Input was refused; nothing of it was taken. The message lists every refusal, one a line. */
public class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<Refusal> refusals;

  /** With at least one refusal. */
  public RefusedException(List<Refusal> refusals) {
    super(refusals.stream().map(Refusal::toString).collect(Collectors.joining("\n")));
    this.refusals = List.copyOf(refusals);
  }

  /** With a single refusal that has no line. */
  public RefusedException(String where, String what) {
    this(List.of(new Refusal(where, 0, what)));
  }

  /** Every refusal, one a line. */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }

  /** All reasons, in the order they were found. */
  public List<Refusal> refusals() {
    return refusals;
  }
}
