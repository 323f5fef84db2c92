// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.routes.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.impl.DefaultCamelContext;
import org.fedwerk.api.identity.Identity;
import org.fedwerk.api.link.Address;
import org.fedwerk.api.link.Link;
import org.fedwerk.api.link.LinkContract;
import org.fedwerk.api.message.Kind;
import org.fedwerk.identity.internal.Authority;
import org.fedwerk.identity.internal.SiteIdentity;
import org.fedwerk.link.internal.CarriedLink;
import org.fedwerk.link.internal.LinkSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The documented routes of a folder exchange keep what every link promises: sealed files between
 * three processes, no broker. The coordinator uses the XML, the sites the YAML.
 */
class FolderExchangeTest extends LinkContract {
  @TempDir Path folder;
  private final Map<String, CarriedLink> links = new HashMap<>();
  private final List<RouteFile> routes = new ArrayList<>();
  private Authority authority;

  @BeforeEach
  void start() throws Exception {
    authority = Authority.loopback(folder.resolve("hq"), FEDERATION, 0);
    for (String site : new String[] {"a", "b"}) {
      add(
          SiteIdentity.enrol(folder.resolve(site), authority.issueToken(site, Duration.ofHours(1))),
          "air-gap.camel.yaml");
    }
    add(authority.identity(), "air-gap.camel.xml");
  }

  private void add(Identity identity, String file) throws Exception {
    String id = identity.self().id();
    CarriedLink link =
        new CarriedLink(LinkSettings.Queue.DEFAULTS, identity, Duration.ofMinutes(1));
    links.put(id, link);
    FakeServices services = new FakeServices();
    services.carriage = link;
    Path example = Path.of(System.getProperty("fedwerk.examples"), "routes", file);
    RouteFile route =
        RouteFile.read(
            file,
            Files.readString(example),
            new RouteFile.Ground(
                DefaultCamelContext::new,
                services,
                Map.of("exchange", folder.resolve("exchange").toString(), "self", id)));
    routes.add(route);
    route.start();
  }

  @AfterEach
  void stop() throws Exception {
    links.values().forEach(CarriedLink::close);
    routes.forEach(RouteFile::close);
    authority.close();
  }

  @ParameterizedTest
  @CsvSource({"a", "coordinator"})
  void whatIsNotForAProcessOrNotWholeIsPutAside(String id) throws Exception {
    listen(site(id));
    Path mine = Files.createDirectories(folder.resolve("exchange").resolve(id));
    byte[] content = {1, 2, 3};
    String foreign =
        SealedFileName.of(
            new Address(FEDERATION, Address.Branch.TO, "c", Kind.RECEIPT, "none"), content);
    String cut =
        SealedFileName.of(
            new Address(FEDERATION, Address.Branch.TO, id, Kind.RECEIPT, "none"), content);
    Files.write(mine.resolve(foreign), content);
    Files.write(mine.resolve(cut), new byte[] {1, 2});
    Files.write(mine.resolve("holiday.sealed"), content);
    for (String name : List.of(foreign, cut, "holiday.sealed")) {
      Until.holds(name, () -> Files.exists(mine.resolve(".refused").resolve(name)));
      Until.holds("its end", () -> !Files.exists(mine.resolve(name)));
    }
    routes.forEach(each -> assertEquals(2, each.running()));
  }

  @Test
  void whatComesBeforeAnybodyListensWaitsInItsFolder() throws Exception {
    Ear coordinator = listen(coordinator());
    site("a").close();
    Path folderOfA = folder.resolve("exchange/a");
    byte[] content = {1, 2, 3};
    String name =
        SealedFileName.of(
            new Address(FEDERATION, Address.Branch.TO, "a", Kind.RECEIPT, "none"), content);
    Files.createDirectories(folderOfA);
    Files.write(folderOfA.resolve(name), content);
    Address sync = from("b", Kind.SYNC);
    listen(site("b"));
    site("b").send(sync, content, false).get();
    coordinator.expect(sync, content);
    assertTrue(Files.exists(folderOfA.resolve(name)), "a closed link's file was taken away");
  }

  @Override
  protected Link coordinator() {
    return site(authority.identity().self().id());
  }

  @Override
  protected CarriedLink site(String id) {
    return Objects.requireNonNull(links.get(id));
  }
}
