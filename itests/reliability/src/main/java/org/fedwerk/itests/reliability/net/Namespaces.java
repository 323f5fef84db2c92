// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability.net;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Two network namespaces and a cable between them; the machine's own network is not touched. Needs
 * the right to administer networks, and the programs {@code ip} and {@code nft}.
 */
public final class Namespaces implements AutoCloseable {
  /** The coordinator's address, of a range that is kept for documents (RFC 5737). */
  public static final String HUB = "192.0.2.1";

  private static final String SITE = "192.0.2.2";
  private static final String HUB_END = "hub0";
  private static final String SITE_END = "site0";
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final String hub;
  private final String site;

  /**
   * Lays the cable.
   *
   * @throws IOException if that is not permitted, or a program is not there; it says which
   */
  public Namespaces() throws IOException, InterruptedException {
    String name = "fedwerk-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();
    hub = name + "-hub";
    site = name + "-site";
    boolean done = false;
    try {
      ip("netns", "add", hub);
      ip("netns", "add", site);
      ip(
          "-n", hub, "link", "add", HUB_END, "type", "veth", "peer", "name", SITE_END, "netns",
          site);
      raise(hub, HUB_END, HUB);
      raise(site, SITE_END, SITE);
      done = true;
    } finally {
      if (!done) {
        close();
      }
    }
  }

  private static void raise(String namespace, String end, String address)
      throws IOException, InterruptedException {
    ip("-n", namespace, "addr", "add", address + "/24", "dev", end);
    ip("-n", namespace, "link", "set", end, "up");
    ip("-n", namespace, "link", "set", "lo", "up");
  }

  /** Why this machine cannot have them, in words; empty if it can. */
  public static Optional<String> unavailable() throws InterruptedException {
    try (Namespaces trial = new Namespaces()) {
      trial.lose(1);
      return Optional.empty();
    } catch (IOException missing) {
      return Optional.of(
          "network namespaces with loss need root, ip and nft (Debian: iproute2, nftables): "
              + missing.getMessage());
    }
  }

  /** What begins a command in the coordinator's network. */
  public List<String> inHub() {
    return List.of("ip", "netns", "exec", hub);
  }

  /** What begins a command in the site's network. */
  public List<String> inSite() {
    return List.of("ip", "netns", "exec", site);
  }

  /** From now on so many of a hundred packets are lost on the way to the site, and from it. */
  public void lose(int percent) throws IOException, InterruptedException {
    nft("add table inet loss");
    for (String way : List.of("input", "output")) {
      String name = way.equals("input") ? "iifname " : "oifname ";
      nft("add chain inet loss " + way + " { type filter hook " + way + " priority 0; }");
      nft(
          "add rule inet loss "
              + way
              + " "
              + name
              + SITE_END
              + " numgen random mod 100 < "
              + percent
              + " drop");
    }
  }

  /** Pulls the cable at the coordinator's end: no connection hears of it. */
  public void down() throws IOException, InterruptedException {
    ip("-n", hub, "link", "set", HUB_END, "down");
  }

  /** Plugs it in again. */
  public void up() throws IOException, InterruptedException {
    ip("-n", hub, "link", "set", HUB_END, "up");
  }

  private void nft(String rule) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(inSite());
    command.add("nft");
    command.add(rule);
    run(command);
  }

  private static void ip(String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(words));
    run(command);
  }

  private static void run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
      throw new IOException("\"" + String.join(" ", command) + "\" failed: " + said);
    }
  }

  /** Takes both away, with all that is in them. */
  @Override
  public void close() {
    for (String namespace : List.of(site, hub)) {
      try {
        ip("netns", "del", namespace);
      } catch (IOException absent) {
        // It was never made, or went with the machine's other end.
      } catch (InterruptedException stopping) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
