// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability.scale;

import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import org.fedwerk.api.Digest;
import org.fedwerk.api.identity.Identity;
import org.fedwerk.identity.internal.SiteIdentity;
import org.fedwerk.itests.reliability.transfer.Memory;
import org.jspecify.annotations.Nullable;

/** A process that plays many sites, each with a certificate and a connection of its own. */
final class DriverMain {
  /** Handshakes under way at a time. */
  private static final int AT_ONCE = 16;

  /** Enrolments under way at a time. */
  private static final int ENROLLING = 8;

  private static final int LOOPS = 2;
  private static final String HOST = "127.0.0.1";

  private final Crowd crowd;
  private final Path folder;
  private final Semaphore connecting = new Semaphore(AT_ONCE);
  private final NioEventLoopGroup loops = new NioEventLoopGroup(LOOPS);

  private DriverMain(Crowd crowd, Path folder) {
    this.crowd = crowd;
    this.folder = folder;
  }

  /**
   * Enrols the sites, connects them, answers plans until it is told what was committed, and tells
   * what is wrong with that. What fails is told at once.
   *
   * @param args folder, port of the broker, number of all sites, the first one played here, how
   *     many of them; the driver of the first site reads the models
   */
  public static void main(String[] args) throws Exception {
    Crowd crowd = new Crowd(Integer.parseInt(args[2]), ScaleTask.parameters(), ScaleTask.RANGE);
    new DriverMain(crowd, Path.of(args[0]))
        .run(Integer.parseInt(args[1]), Integer.parseInt(args[3]), Integer.parseInt(args[4]));
    System.exit(0);
  }

  private void run(int port, int first, int count) throws Exception {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    Files.createDirectories(folder);
    ModelReader reader = first == 0 ? new ModelReader(crowd) : null;
    ExecutorService enrolling = Executors.newFixedThreadPool(ENROLLING);
    try (Updates updates = new Updates(crowd, first, count, folder.resolve("updates"))) {
      List<Future<?>> begun = new ArrayList<>();
      for (int site = first; site < first + count; site++) {
        int number = site;
        String token = in.readLine();
        begun.add(
            enrolling.submit(
                () -> {
                  begin(number, token, port, updates, number == 0 ? reader : null);
                  return true;
                }));
      }
      for (Future<?> each : begun) {
        each.get();
      }
      enrolling.shutdown();
      connecting.acquire(AT_ONCE);
      System.out.println("connected " + count);
      List<Digest> committed = Arrays.stream(in.readLine().split(" ")).map(Digest::new).toList();
      if (reader != null) {
        System.out.println("differing " + reader.differing(committed));
      }
      System.out.println("peak-mb " + Memory.peakMegabytes());
      in.readLine();
    }
  }

  /** Enrols a site, which waits for the disks of both sides, and connects it. */
  private void begin(
      int site, String token, int port, Updates updates, @Nullable ModelReader reader)
      throws Exception {
    Identity self = SiteIdentity.enrol(folder.resolve(Crowd.id(site)), token);
    connecting.acquire();
    new ThinSite(site, crowd, updates, self, driver(), loops, reader)
        .client()
        .connect(HOST, port, tls(self.tls()));
  }

  private ThinSite.Driver driver() {
    return new ThinSite.Driver() {
      @Override
      public void connected() {
        connecting.release();
      }

      @Override
      public void failed(String reason) {
        System.out.println("failed " + reason);
      }
    };
  }

  private static SslContext tls(Identity.TlsStores stores)
      throws GeneralSecurityException, IOException {
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(load(stores.keys(), stores.password()), stores.password());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(load(stores.trust(), stores.password()));
    return SslContextBuilder.forClient()
        .sslProvider(SslProvider.JDK)
        .keyManager(keys)
        .trustManager(trust)
        .build();
  }

  private static KeyStore load(Path file, char[] password)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, password);
    }
    return store;
  }
}
