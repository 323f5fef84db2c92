// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.link.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.fedwerk.api.identity.Identity;
import org.fedwerk.broker.internal.BrokerSettings;
import org.fedwerk.broker.internal.EmbeddedBroker;
import org.fedwerk.identity.internal.Authority;
import org.fedwerk.identity.internal.SiteIdentity;

/** A federation with real certificates and a real broker, which can go and come back. */
final class Federation implements AutoCloseable {
  private final Path folder;
  private final String name;
  private int packetMax;
  private final Authority authority;
  private final Map<String, Identity> sites = new HashMap<>();
  private final List<CamelLink> links = new ArrayList<>();
  private final int port;
  private EmbeddedBroker broker;

  Federation(Path folder, String name) throws Exception {
    this.folder = folder;
    this.name = name;
    this.authority = Authority.loopback(folder.resolve("hq"), name, 0);
    try (ServerSocket free = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
      this.port = free.getLocalPort();
    }
  }

  Federation withBroker() throws IOException {
    startBroker();
    return this;
  }

  /** The next broker takes packets up to so many bytes. */
  void packetMax(int bytes) {
    packetMax = bytes;
  }

  void startBroker() throws IOException {
    BrokerSettings free = BrokerSettings.loopback(name, folder.resolve("broker"));
    broker =
        EmbeddedBroker.forFederation(
            new BrokerSettings(
                free.name(),
                free.host(),
                port,
                packetMax == 0 ? free.packetMax() : packetMax,
                free.clientsMax(),
                free.folder(),
                free.journalFileBytes(),
                free.sessionExpiryMax(),
                free.queueMaxBytes(),
                free.whenFull(),
                free.diskMaxPercent()),
            authority.identity());
  }

  void stopBroker() throws IOException {
    broker.close();
    broker = null;
  }

  int port() {
    return port;
  }

  String url() {
    return "ssl://127.0.0.1:" + port;
  }

  Identity coordinator() {
    return authority.identity();
  }

  Identity site(String id) throws Exception {
    Identity known = sites.get(id);
    if (known == null) {
      known = SiteIdentity.enrol(folder.resolve(id), authority.issueToken(id, Duration.ofHours(1)));
      sites.put(id, known);
    }
    return known;
  }

  void revoke(String id) throws Exception {
    authority.revoke(id);
  }

  CamelLink link(Identity identity) {
    return link(identity, url());
  }

  CamelLink link(Identity identity, String url) {
    return link(identity, url, Duration.ofSeconds(30));
  }

  CamelLink link(Identity identity, String url, Duration keepAlive) {
    CamelLink link = CamelLink.standalone(settings(url, keepAlive), identity);
    links.add(link);
    return link;
  }

  private static LinkSettings settings(String url, Duration keepAlive) {
    return new LinkSettings(
        url, keepAlive, Duration.ofHours(1), Duration.ofMillis(50), Duration.ofMillis(200));
  }

  @Override
  public void close() throws IOException {
    links.forEach(CamelLink::close);
    if (broker != null) {
      broker.close();
    }
    authority.close();
  }
}
