// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.store.postgres.internal;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Another process has the lease: nothing was written, and nothing will be. */
final class LeaseLostException extends UncheckedIOException {
  private static final long serialVersionUID = 1;

  LeaseLostException(String what) {
    super(
        what + " was refused: another coordinator holds the lease; this one is standby now",
        new IOException("the lease's token has changed"));
  }
}
