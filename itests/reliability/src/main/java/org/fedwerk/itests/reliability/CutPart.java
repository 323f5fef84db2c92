// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.fedwerk.itests.figures.Figures;
import org.fedwerk.itests.reliability.cut.Cut;
import org.fedwerk.itests.reliability.transfer.Plant;

/** A site that is cut off in the middle of its update for seconds, and for minutes. */
final class CutPart implements Part {
  private static final List<Integer> SECONDS = List.of(5, 130, 600);

  @Override
  public String name() {
    return "cut";
  }

  @Override
  public List<String> figures() {
    return SECONDS.stream().map(CutPart::figure).toList();
  }

  private static String figure(int seconds) {
    return "cut." + seconds + "s";
  }

  @Override
  public void measure(Figures figures, Path folder) throws Exception {
    Path examples =
        Path.of(Optional.ofNullable(System.getProperty("fedwerk.examples")).orElseThrow());
    for (int seconds : SECONDS) {
      Cut cut = new Cut(folder.resolve(Integer.toString(seconds)), examples);
      Cut.Outcome outcome =
          cut.run(Duration.ofSeconds(seconds), port -> Plant.defaults("127.0.0.1", port));
      if (outcome.sentTwice() > 1) {
        throw new IllegalStateException(
            outcome.sentTwice() + " chunks were sent twice after a cut of " + seconds + " s");
      }
      figures.print(figure(seconds), outcome.seconds(), "s");
      figures.print(figure(seconds) + ".missing", outcome.missing(), "chunks");
      figures.print(figure(seconds) + ".sent-twice", outcome.sentTwice(), "chunks");
    }
  }
}
