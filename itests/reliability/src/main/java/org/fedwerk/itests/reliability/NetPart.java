// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.fedwerk.itests.figures.Figures;
import org.fedwerk.itests.reliability.net.Disturbed;
import org.fedwerk.itests.reliability.net.Disturbed.Outcome;
import org.fedwerk.itests.reliability.net.Namespaces;

/** Packets that are lost, and a cable that is pulled, in network namespaces. */
final class NetPart implements Part {
  private static final int PERCENT = 5;
  private static final int DOWN_SECONDS = 20;
  private static final String LOSS = "net.loss-" + PERCENT + ".seconds";
  private static final String DOWN = "net.down-" + DOWN_SECONDS + "s";

  @Override
  public String name() {
    return "net";
  }

  @Override
  public List<String> figures() {
    return List.of(LOSS, DOWN);
  }

  @Override
  public void measure(Figures figures, Path folder) throws Exception {
    Optional<String> unavailable = Namespaces.unavailable();
    if (unavailable.isPresent()) {
      figures().forEach(figure -> figures.absent(figure, unavailable.get()));
      return;
    }
    Path examples =
        Path.of(Optional.ofNullable(System.getProperty("fedwerk.examples")).orElseThrow());
    Outcome lost = new Disturbed(folder.resolve("loss"), examples).run(PERCENT, network -> {});
    requireOnce(lost, "while packets were lost");
    figures.print(LOSS, lost.round(), "s");
    figures.print("net.loss-" + PERCENT + ".sent-twice", lost.sentTwice(), "chunks");
    Outcome down =
        new Disturbed(folder.resolve("down"), examples)
            .run(0, Disturbed.down(Duration.ofSeconds(DOWN_SECONDS)));
    requireOnce(down, "after the cable was pulled for " + DOWN_SECONDS + " s");
    figures.print(DOWN, down.chunk(), "s");
    figures.print(DOWN + ".sent-twice", down.sentTwice(), "chunks");
  }

  private static void requireOnce(Outcome outcome, String when) {
    if (outcome.sentTwice() > 1) {
      throw new IllegalStateException(outcome.sentTwice() + " chunks were sent twice " + when);
    }
  }
}
