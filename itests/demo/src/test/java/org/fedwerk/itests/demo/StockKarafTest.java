// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.demo;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.fedwerk.itests.harness.KarafInstance;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Our features in a Karaf that is not ours, by the repository that the distribution carries. */
@Order(1)
class StockKarafTest {
  private static final Duration LONG = Duration.ofMinutes(4);

  @Test
  void coordinatorAndSiteInstallInAStockKarafByRepoAdd() throws Exception {
    Path folder = Path.of(System.getProperty("fedwerk.itest.folder")).toAbsolutePath();
    Path home = Path.of(System.getProperty("karaf.home"));
    String cache = Objects.requireNonNull(System.getenv("DJL_CACHE_DIR"));
    try (KarafInstance stock =
        new KarafInstance(
            home, folder.resolve("stock"), List.of(), "384m", Map.of("DJL_CACHE_DIR", cache))) {
      Path repository = Path.of(System.getProperty("fedwerk.home"), "system").toAbsolutePath();
      Files.writeString(
          stock.base().resolve("etc/org.ops4j.pax.url.mvn.cfg"),
          "\norg.ops4j.pax.url.mvn.repositories = " + repository.toUri() + "@id=fedwerk\n",
          StandardOpenOption.APPEND);
      stock.start();
      stock.awaitBooted(LONG);
      stock.exec(
          "feature:repo-add mvn:org.fedwerk/features/"
              + System.getProperty("fedwerk.version")
              + "/xml/features");
      stock.exec(
          "feature:install --no-auto-refresh fedwerk-coordinator fedwerk-site fedwerk-engine-pytorch");
      stock.await(
          "status of all rooms",
          LONG,
          each -> each.exec("fedwerk:status").contains("predict-opcua"));
      String status = stock.exec("fedwerk:status");
      for (String room : List.of("store", "window", "site", "learn-djl")) {
        assertTrue(status.contains(room), status);
      }
      String diag = stock.exec("diag");
      assertTrue(!diag.contains("Status: Installed") && !diag.contains("Status: Failure"), diag);
    }
  }
}
