// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.opcua.internal;

import org.fedwerk.api.status.StatusLine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a source is; each change is logged. Written by the source's thread, read by any. */
final class SourceStatus {
  private static final Logger LOG = LoggerFactory.getLogger(SourceStatus.class);

  private volatile StatusLine line;

  /** It has not tried yet. */
  SourceStatus(String source) {
    line = new StatusLine("signal-opcua " + source, StatusLine.State.STARTING, "not connected yet");
  }

  String subject() {
    return line.subject();
  }

  StatusLine line() {
    return line;
  }

  /** The same for people, with how many values were refused. */
  StatusLine line(long refused) {
    StatusLine now = line;
    return refused == 0
        ? now
        : new StatusLine(
            now.subject(),
            now.state(),
            now.detail() + "; " + refused + " values refused, see fedwerk:signals");
  }

  void report(StatusLine.State state, String detail) {
    StatusLine next = new StatusLine(line.subject(), state, detail);
    if (!next.equals(line)) {
      LOG.info("{}: {}, {}", next.subject(), state, detail);
      line = next;
    }
  }
}
