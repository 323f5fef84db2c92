// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.fedwerk.itests.figures.Figures;
import org.fedwerk.itests.reliability.transfer.OtherBroker;
import org.fedwerk.itests.reliability.transfer.Transfer;

/** A model of 200 MB out and an update of 200 MB back over three brokers, cut on both ways. */
final class TransferPart implements Part {
  private static final String MOSQUITTO = "transfer.200mb.mosquitto.seconds";

  @Override
  public String name() {
    return "transfer";
  }

  @Override
  public List<String> figures() {
    return List.of("transfer.200mb.embedded.seconds", MOSQUITTO, "transfer.200mb.hivemq.seconds");
  }

  @Override
  public void measure(Figures figures, Path folder) throws Exception {
    Transfer transfer = new Transfer(figures, folder, required("fedwerk.examples"));
    transfer.embedded();
    Optional<Path> mosquitto = OtherBroker.mosquitto();
    if (mosquitto.isPresent()) {
      transfer.mosquitto(mosquitto.get());
    } else {
      figures.absent(
          MOSQUITTO,
          "Mosquitto is not installed; it is Debian's package mosquitto, or name its program by"
              + " -Dfedwerk.mosquitto");
    }
    transfer.hiveMq(hiveMq());
  }

  private static String hiveMq() throws IOException {
    Path target = required("fedwerk.hivemq");
    return target.resolve("classes")
        + java.io.File.pathSeparator
        + Files.readString(target.resolve("libraries.txt")).strip();
  }

  private static Path required(String property) {
    return Path.of(Optional.ofNullable(System.getProperty(property)).orElseThrow());
  }
}
