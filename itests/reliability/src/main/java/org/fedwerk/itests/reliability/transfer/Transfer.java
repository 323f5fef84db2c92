// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability.transfer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.fedwerk.itests.figures.Figures;
import org.jspecify.annotations.Nullable;

/**
 * A model of 50 million float32 goes to a site and an update of the same size comes back, over
 * mutual TLS and each of the brokers, every process in its own JVM; all of the site's connections
 * are cut once at half of the way out and once at half of the way back.
 */
public final class Transfer {
  /** Four hidden layers of 4096 are 50,552,834 parameters, in 2,107 chunks. */
  private static final int LAYERS = 4;

  private static final int HIDDEN = 4096;

  private static final Duration LIMIT = Duration.ofMinutes(15);

  /** The model, one range and its own 64 MiB of messages, beside the program. */
  private static final String HUB_HEAP = "512m";

  /** The model that runs, the one that comes and the one that is trained. */
  private static final String SITE_HEAP = "1200m";

  private final Figures figures;
  private final Path folder;
  private final Path task;

  /**
   * Nothing runs yet.
   *
   * @param folder to work in
   * @param examples folder of the example tasks
   */
  public Transfer(Figures figures, Path folder, Path examples) throws IOException {
    this.figures = figures;
    this.folder = folder.toAbsolutePath();
    this.task = this.folder.resolve("task.yaml");
    String example = Files.readString(examples.resolve("milling.yaml"));
    Files.writeString(task, TransferTask.yaml(example, LAYERS, HIDDEN));
  }

  /** Over the broker in the coordinator's process. */
  public void embedded() throws Exception {
    run("embedded", files -> null);
  }

  /** Over Mosquitto. */
  public void mosquitto(Path program) throws Exception {
    run("mosquitto", files -> OtherBroker.mosquitto(program, folder.resolve("broker-1"), files));
  }

  /** Over HiveMQ Community Edition, by its class path. */
  public void hiveMq(String classPath) throws Exception {
    run("hivemq", files -> OtherBroker.hiveMq(classPath, folder.resolve("broker-2"), files));
  }

  private interface Start {
    @Nullable OtherBroker with(Path files) throws IOException, InterruptedException;
  }

  private void run(String name, Start start) throws Exception {
    Path own = folder.resolve(name);
    boolean embedded = name.equals("embedded");
    try (Child hub =
        java("hub", own, HUB_HEAP, HubMain.class, task.toString(), embedded ? name : "other")) {
      try (OtherBroker broker = embedded ? null : start.with(Path.of(hub.await("files", LIMIT)))) {
        if (broker != null) {
          hub.tell(Integer.toString(broker.port()));
        }
        int port = Integer.parseInt(hub.await("broker", LIMIT));
        try (TcpProxy proxy = new TcpProxy(port);
            Child site =
                java(
                    "site",
                    own,
                    SITE_HEAP,
                    PlantMain.class,
                    hub.await("token", LIMIT),
                    Integer.toString(proxy.port()))) {
          if (broker != null) {
            broker.grant("a");
            // What the site said before it had the right is said again when it connects.
            proxy.cut();
            proxy.mend();
          }
          measure(name, hub, site, proxy);
        }
      }
    }
  }

  private Child java(String name, Path own, String heap, Class<?> main, String... args)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(main.getName());
    command.add(own.resolve(name).toString());
    command.addAll(List.of(args));
    return Child.java(name, own, heap, System.getProperty("java.class.path"), command);
  }

  private void measure(String name, Child hub, Child site, TcpProxy proxy) throws Exception {
    long half = TransferTask.parameters(LAYERS, HIDDEN) * Float.BYTES / 2;
    AtomicInteger cuts = new AtomicInteger();
    proxy.watch(
        (up, down) -> {
          boolean out = down > half && cuts.compareAndSet(0, 1);
          if (out || (up > half && cuts.compareAndSet(1, 2))) {
            proxy.cut();
            proxy.mend();
          }
        });
    double seconds = Double.parseDouble(hub.await("seconds", LIMIT));
    String digest = hub.await("digest", LIMIT);
    site.tell(digest);
    String deployed = site.await("digest", LIMIT);
    if (!deployed.equals(digest) || cuts.get() != 2) {
      throw new IllegalStateException(
          "the site deployed " + deployed + ", the coordinator's is " + digest + ", cuts " + cuts);
    }
    Traffic out = Traffic.parse(hub.await("traffic", LIMIT));
    Traffic in = Traffic.parse(site.await("traffic", LIMIT));
    String figure = "transfer.200mb." + name;
    figures.print(figure + ".seconds", seconds, "s");
    figures.print(figure + ".sent-again", out.sentAgain() + in.sentAgain(), "chunks");
    figures.print(figure + ".received-again", out.receivedAgain() + in.receivedAgain(), "chunks");
    figures.print(
        figure + ".coordinator.peak-mb", Long.parseLong(hub.await("peak-mb", LIMIT)), "MB");
    figures.print(figure + ".site.peak-mb", Long.parseLong(site.await("peak-mb", LIMIT)), "MB");
    System.out.println(String.format(Locale.ROOT, "%s: hub %s, site %s", name, out, in));
  }
}
