// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.fedwerk.api.Registration;
import org.fedwerk.api.link.Address;
import org.fedwerk.api.link.Link;
import org.fedwerk.api.link.LinkListener;
import org.fedwerk.api.link.Throughput;
import org.fedwerk.api.site.Assessment.Finding;
import org.fedwerk.api.site.Assessment.Verdict;
import org.junit.jupiter.api.Test;

class LinkFindingsTest {
  /** A link that must not be sent anything. */
  private record Seen(boolean isConnected, Throughput sent) implements Link {
    @Override
    public int maxPayload() {
      return 97_280;
    }

    @Override
    public CompletableFuture<Void> send(Address address, byte[] payload, boolean retained) {
      throw new IllegalStateException("an assessment sends nothing");
    }

    @Override
    public Registration listen(LinkListener listener) {
      throw new IllegalStateException("an assessment listens to nothing");
    }
  }

  @Test
  void anUpdateTakesAsLongAsWhatWasSentBefore() {
    Link link = new Seen(true, new Throughput(1_000_000, Duration.ofSeconds(8)));
    assertEquals(
        List.of(
            Finding.said("link", "connected", "connected", Verdict.MET),
            new Finding("a model on its way here", 400_000, "bytes", "", "", Verdict.NONE),
            new Finding("an update on its way out", 250_000, "bytes", "", "", Verdict.NONE),
            new Finding(
                "sending an update",
                2,
                "s",
                "at 125000 bytes/s, as sent so far",
                "",
                Verdict.NONE)),
        LinkFindings.rows(link, 400_000, 250_000));
  }

  @Test
  void whatWasNotSentYetIsNotMeasured() {
    List<Finding> cut = LinkFindings.rows(new Seen(false, Throughput.NONE), 4, 4);
    assertEquals(Verdict.NOTICE, cut.get(0).verdict());
    assertEquals(
        Finding.said(
            "sending an update",
            "not measured: nothing of 4096 bytes or more was sent yet",
            "",
            Verdict.UNKNOWN),
        cut.get(3));
    List<Finding> none = LinkFindings.rows(null, 4, 4);
    assertEquals("there is none; fedwerk:enrol joins", none.get(0).value());
    assertEquals(Verdict.UNKNOWN, none.get(3).verdict());
  }
}
