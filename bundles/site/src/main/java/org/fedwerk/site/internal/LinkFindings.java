// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.util.List;
import java.util.OptionalDouble;
import org.fedwerk.api.link.Link;
import org.fedwerk.api.link.Throughput;
import org.fedwerk.api.site.Assessment.Finding;
import org.fedwerk.api.site.Assessment.Verdict;
import org.jspecify.annotations.Nullable;

/** What a task's models and updates mean for a site's link; nothing is sent to find out. */
final class LinkFindings {
  private LinkFindings() {}

  /**
   * A row for each thing.
   *
   * @param link null if the site has none
   * @param down payload bytes of a model
   * @param up payload bytes of an update
   */
  static List<Finding> rows(@Nullable Link link, long down, long up) {
    return List.of(
        connection(link),
        new Finding("a model on its way here", down, "bytes", "", "", Verdict.NONE),
        new Finding("an update on its way out", up, "bytes", "", "", Verdict.NONE),
        speed(link == null ? Throughput.NONE : link.sent(), up));
  }

  private static Finding connection(@Nullable Link link) {
    if (link == null) {
      return Finding.said(
          "link", "there is none; fedwerk:enrol joins", "connected", Verdict.NOTICE);
    }
    return link.isConnected()
        ? Finding.said("link", "connected", "connected", Verdict.MET)
        : Finding.said("link", "not connected", "connected", Verdict.NOTICE);
  }

  private static Finding speed(Throughput sent, long up) {
    OptionalDouble rate = sent.bytesPerSecond();
    if (rate.isEmpty()) {
      return Finding.said(
          "sending an update",
          "not measured: nothing of " + Throughput.LEAST_BYTES + " bytes or more was sent yet",
          "",
          Verdict.UNKNOWN);
    }
    return new Finding(
        "sending an update",
        up / rate.getAsDouble(),
        "s",
        "at " + Finding.text(rate.getAsDouble()) + " bytes/s, as sent so far",
        "",
        Verdict.NONE);
  }
}
