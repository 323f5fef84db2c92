// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.opcua.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.security.SecurityPolicy;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.DateTime;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.eclipse.milo.opcua.stack.core.types.builtin.Variant;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.Unsigned;
import org.eclipse.milo.opcua.stack.core.types.enumerated.MessageSecurityMode;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.metric.Measurement;
import org.fedwerk.api.signal.ImageInspection;
import org.fedwerk.api.signal.Sample;
import org.fedwerk.api.signal.SampleValue;
import org.fedwerk.api.signal.SignalBrowser.Entry;
import org.fedwerk.api.signal.SignalReading;
import org.fedwerk.api.status.StatusLine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpcUaSourceTest {
  private static final int MEGA = 1 << 20;
  private static final ImageInspection ANY = (image, bytes, pixels) -> Optional.empty();

  private static PushingServer.Certificate serverCertificate;

  @TempDir Path folder;
  private final CollectingSink sink = new CollectingSink();
  private final List<AutoCloseable> open = new ArrayList<>();
  private int port;

  @BeforeAll
  static void makeCertificate() throws Exception {
    serverCertificate = PushingServer.Certificate.make();
  }

  @BeforeEach
  void choosePort() throws Exception {
    port = PushingServer.freePort();
  }

  @AfterEach
  void closeAll() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  @Test
  void tenThousandValuesOfThreeNodesArriveInOrderEncryptedAndNoneIsLost() throws Exception {
    PushingServer server = trustingServer("a", "b", "c");
    OpcUaSource source = start(secured(PushingServer.PASSWORD, "a", "b", "c"));
    awaitState(source, StatusLine.State.READY);

    int perNode = 3_334;
    for (int i = 0; i < perNode; i++) {
      for (String node : List.of("a", "b", "c")) {
        server.push(node, (double) i, i);
      }
    }

    sink.await(3 * perNode);
    List<Double> expected = IntStream.range(0, perNode).mapToObj(i -> (double) i).toList();
    for (String node : List.of("a", "b", "c")) {
      assertEquals(expected, sink.numbers(node));
    }
    assertEquals(0, sink.interruptions());
    SignalReading reading = source.readings().get(0);
    assertEquals(perNode, reading.received());
    assertEquals(0, reading.overflows());
    assertEquals("good", reading.quality());
    assertEquals(Instant.ofEpochMilli(perNode - 1), reading.sourceTime());
  }

  @Test
  void sourceTimeAndStatusOfTheServerAreKeptAndEqualValuesAreReported() throws Exception {
    PushingServer server = server("a");
    start(plain(server.url(), "a"));
    awaitItems(server, 1);
    server.push("a", 5.0, 1_000);
    server.push("a", 5.0, 2_000);
    server.push(
        "a",
        new DataValue(
            Variant.NULL_VALUE,
            new StatusCode(StatusCodes.Bad_SensorFailure),
            new DateTime(Instant.ofEpochMilli(3_000)),
            null));

    sink.await(3);
    List<Sample> samples = sink.samples();
    assertEquals(
        new Sample("a", new SampleValue.Number(5.0), 0, Instant.ofEpochMilli(1_000)),
        samples.get(0));
    assertEquals(Instant.ofEpochMilli(2_000), samples.get(1).sourceTime());
    assertEquals((int) StatusCodes.Bad_SensorFailure, samples.get(2).status());
    assertFalse(samples.get(2).isGood());
  }

  @Test
  void numbersOfAllKindsBooleansAndSerialsAreTakenAndWrongTypesAreCountedAndMasked()
      throws Exception {
    PushingServer server = server("a", "serial");
    OpcUaSource source = start(plain(server.url(), "a", "serial"));
    awaitItems(server, 2);
    server.push("a", Unsigned.uint(7), 1);
    server.push("a", (short) -3, 2);
    server.push("a", true, 3);
    server.push("a", "seven", 4);
    server.push("a", new Double[] {1.0, 2.0}, 5);
    server.push("serial", "P-1", 6);
    server.push("serial", 42, 7);

    sink.await(7);
    List<Sample> a = sink.samples().stream().filter(s -> s.signal().equals("a")).toList();
    assertEquals(new SampleValue.Number(7), a.get(0).value());
    assertEquals(new SampleValue.Number(-3), a.get(1).value());
    assertEquals(new SampleValue.Bool(true), a.get(2).value());
    assertEquals(null, a.get(3).value());
    assertFalse(a.get(3).isGood());
    assertFalse(a.get(4).isGood());
    List<Sample> serials =
        sink.samples().stream().filter(s -> s.signal().equals("serial")).toList();
    assertEquals(new SampleValue.Text("P-1"), serials.get(0).value());
    assertEquals(new SampleValue.Text("42"), serials.get(1).value());
    SignalReading reading = source.readings().get(0);
    assertEquals(2, reading.refused());
    assertEquals("wrong type: array", reading.quality());
    assertTrue(source.signals().get(1).part());
  }

  @Test
  void queueSizeReachesTheServerAndItsOverflowIsCountedAsLost() throws Exception {
    PushingServer server = server("a");
    CountDownLatch release = new CountDownLatch(1);
    sink.before(batch -> awaitLatch(release));
    OpcUaSource source = start(settings(server.url(), 4, "a"));
    awaitItems(server, 1);
    server.push("a", 0.0, 0);
    for (int i = 1; i <= 50; i++) {
      server.push("a", (double) i, i);
    }
    release.countDown();

    awaitTrue(() -> sink.numbers("a").contains(50.0));
    assertTrue(source.readings().get(0).overflows() >= 1);
    assertTrue(sink.numbers("a").size() < 50);
  }

  @Test
  void aWrongPasswordIsSaidWithoutTheSecret() throws Exception {
    trustingServer("a");
    OpcUaSource source = start(secured("wrong-secret", "a"));

    awaitTrue(() -> detail(source).contains("refused user \"site\""));
    assertEquals(StatusLine.State.DOWN, source.status().get(0).state());
    assertFalse(detail(source).contains("wrong-secret"));
    assertFalse(secured("wrong-secret", "a").toString().contains("wrong-secret"));
  }

  @Test
  void aServerThatStartsLaterIsFound() throws Exception {
    OpcUaSource source = start(plain("opc.tcp://127.0.0.1:" + port, "a"));
    awaitTrue(() -> detail(source).contains("nothing listens at"));

    PushingServer server = server("a");
    awaitState(source, StatusLine.State.READY);
    server.push("a", 1.0, 1);
    sink.await(1);
  }

  @Test
  void aRestartedServerIsSubscribedAgainWithTheSameSecurity() throws Exception {
    PushingServer first = trustingServer("a");
    OpcUaSource source = start(secured(PushingServer.PASSWORD, "a"));
    awaitItems(first, 1);
    first.push("a", 1.0, 1);
    sink.await(1);

    first.close();
    open.remove(first);
    awaitState(source, StatusLine.State.DOWN);
    PushingServer second = trustingServer("a");
    awaitItems(second, 1);
    second.push("a", 2.0, 2);

    awaitTrue(() -> sink.numbers("a").contains(2.0));
    assertTrue(detail(source).contains("SignAndEncrypt"));
    assertTrue(sink.interruptions() >= 1);
  }

  @Test
  void aCutConnectionLosesNothingBecauseTheSubscriptionIsTakenUpAgain() throws Exception {
    PushingServer server = trustingServer("a");
    CutProxy proxy = opened(new CutProxy(port));
    OpcUaSource source = start(encrypted(proxy.url(), PushingServer.PASSWORD, "a"));
    awaitItems(server, 1);
    for (int i = 0; i < 3_000; i++) {
      server.push("a", (double) i, i);
      if (i % 1_000 == 500) {
        int came = i - 400;
        awaitTrue(() -> sink.numbers("a").size() > came);
        proxy.cut();
      }
    }

    sink.await(3_000);
    assertEquals(IntStream.range(0, 3_000).mapToObj(i -> (double) i).toList(), sink.numbers("a"));
    assertEquals(0, sink.interruptions());
    assertEquals(1, server.subscriptions());
    awaitState(source, StatusLine.State.READY);
  }

  @Test
  void aSubscriptionThatIsTakenUpAndStaysMuteIsGivenUpForANewOne() throws Exception {
    PushingServer server = trustingServer("a");
    CutProxy proxy = opened(new CutProxy(port));
    OpcUaSource source =
        opened(
            new OpcUaSource(
                encrypted(proxy.url(), PushingServer.PASSWORD, "a"),
                sink,
                ANY,
                Duration.ofSeconds(1)));
    source.start();
    awaitItems(server, 1);
    server.push("a", 1.0, 1);
    sink.await(1);
    server.mute();
    proxy.cut();
    server.push("a", 2.0, 2);
    awaitTrue(() -> sink.interruptions() == 1);
    awaitTrue(() -> sink.numbers("a").contains(2.0));
    server.push("a", 3.0, 3);
    awaitTrue(() -> sink.numbers("a").contains(3.0));
    assertEquals(1, server.subscriptions());
    awaitState(source, StatusLine.State.READY);
  }

  @Test
  void whatAProcessReceivedButDidNotStoreGoesToTheNextProcess() throws Exception {
    PushingServer server = trustingServer("a");
    sink.before(
        batch -> {
          if (sink.samples().size() >= 1_000) {
            throw new IllegalStateException("killed");
          }
        });
    OpcUaSource killed = start(secured(PushingServer.PASSWORD, "a"));
    awaitItems(server, 1);
    for (int i = 0; i < 1_000; i++) {
      server.push("a", (double) i, i);
    }
    sink.await(1_000);
    for (int i = 1_000; i < 2_000; i++) {
      server.push("a", (double) i, i);
    }
    awaitTrue(() -> detail(killed).contains("unexpected error"));
    for (int i = 2_000; i < 3_000; i++) {
      server.push("a", (double) i, i);
    }

    sink.before(batch -> {});
    start(secured(PushingServer.PASSWORD, "a"));
    sink.await(3_000);
    assertEquals(IntStream.range(0, 3_000).mapToObj(i -> (double) i).toList(), sink.numbers("a"));
    assertEquals(0, sink.interruptions());
  }

  @Test
  void samplesThatCannotBeStoredAreOfferedAgainAndTheStatusSaysSo() throws Exception {
    PushingServer server = server("a");
    AtomicBoolean isFull = new AtomicBoolean(true);
    sink.before(
        batch -> {
          if (isFull.get()) {
            throw new UncheckedIOException(new IOException("disk full"));
          }
        });
    OpcUaSource source = start(plain(server.url(), "a"));
    awaitItems(server, 1);
    assertEquals(List.of(0.0, 20_000.0), levels(source));
    server.push("a", 1.0, 1);
    awaitTrue(() -> detail(source).contains("cannot be stored"));
    assertEquals(List.of(1.0, 20_000.0), levels(source), "one value is held");
    server.push("a", 2.0, 2);
    isFull.set(false);

    sink.await(2);
    assertEquals(List.of(1.0, 2.0), sink.numbers("a"));
    awaitState(source, StatusLine.State.READY);
  }

  @Test
  void anUntrustedServerWaitsInTheRejectedFolderUntilItIsTrusted() throws Exception {
    server("a");
    OpcUaSettings settings = encrypted("opc.tcp://127.0.0.1:" + port, PushingServer.PASSWORD, "a");
    OpcUaSource source = start(settings);

    awaitState(source, StatusLine.State.WAITING);
    String thumbprint = CertificateFolders.thumbprint(serverCertificate.certificate());
    assertEquals(thumbprint, source.pending().get(0).thumbprint());
    assertTrue(Files.exists(folder.resolve("rejected").resolve(thumbprint + ".der")));
    assertThrows(RefusedException.class, () -> source.trust("00000000"));
    assertThrows(RefusedException.class, () -> source.trust(thumbprint.substring(0, 7)));

    source.trust(thumbprint.substring(0, 8));
    assertTrue(
        Files.exists(folder.resolve("trusted").resolve("certs").resolve(thumbprint + ".der")));
    assertTrue(source.pending().isEmpty());
    awaitTrue(() -> detail(source).contains("refused this client's certificate"));
  }

  @Test
  void anUnknownNamespaceAndAnUnknownNodeAreNamedAndTheOtherSignalsGoOn() throws Exception {
    PushingServer server = server("a");
    List<SignalSetting> signals =
        List.of(
            new SignalSetting("a", node("a"), "", ValueKind.NUMERIC, false),
            new SignalSetting("b", "nsu=urn:nowhere;s=b", "", ValueKind.NUMERIC, false),
            new SignalSetting("late", node("late"), "", ValueKind.NUMERIC, false));
    OpcUaSource source = start(with(plain(server.url(), "a"), signals));

    awaitState(source, StatusLine.State.DEGRADED);
    assertTrue(detail(source).contains("no namespace urn:nowhere"), detail(source));
    assertTrue(detail(source).contains("Bad_NodeIdUnknown"), detail(source));
    server.push("a", 1.0, 1);
    sink.await(1);

    server.add("late");
    awaitItems(server, 2);
    awaitTrue(() -> detail(source).startsWith("1 signals"));
  }

  @Test
  void theAddressSpaceCanBeBrowsedWithIdsReadyForAConfiguration() throws Exception {
    PushingServer server = server("a");
    OpcUaSource source = start(plain(server.url(), "a"));
    awaitState(source, StatusLine.State.READY);

    Entry entry =
        source.browse("").stream().filter(e -> e.name().equals("a")).findFirst().orElseThrow();
    assertEquals(new Entry(node("a"), "a", "Variable", "Double"), entry);
    assertThrows(RefusedException.class, () -> source.browse("nsu=urn:nowhere;s=x"));
    assertThrows(RefusedException.class, () -> source.browse("nonsense"));
  }

  @Test
  void anEndpointThatIsNotOfferedIsAnsweredByThoseThatAre() throws Exception {
    server("a");
    OpcUaSettings wanted = plain("opc.tcp://127.0.0.1:" + port, "a");
    OpcUaSource source =
        start(
            new OpcUaSettings(
                wanted.name(),
                wanted.endpoint(),
                SecurityPolicy.Aes256_Sha256_RsaPss,
                MessageSecurityMode.Sign,
                "",
                null,
                folder,
                wanted.signals(),
                0,
                100,
                20,
                Duration.ofSeconds(20),
                10,
                MEGA,
                MEGA,
                Duration.ofMillis(20),
                Duration.ofMillis(200)));

    awaitTrue(() -> detail(source).contains("Basic256Sha256/SignAndEncrypt"));
  }

  @Test
  void anOrderlyEndLeavesNoSubscriptionBehind() throws Exception {
    PushingServer server = server("a");
    OpcUaSource source = start(plain(server.url(), "a"));
    awaitItems(server, 1);

    source.close();

    assertEquals(0, server.subscriptions());
    assertFalse(Files.exists(folder.resolve("subscription")));
  }

  private OpcUaSource start(OpcUaSettings settings) {
    OpcUaSource source = new OpcUaSource(settings, sink, ANY);
    open.add(source);
    source.start();
    return source;
  }

  private <T extends AutoCloseable> T opened(T closeable) {
    open.add(closeable);
    return closeable;
  }

  private PushingServer server(String... nodes) throws Exception {
    return opened(new PushingServer(port, serverCertificate, List.of(), List.of(nodes)));
  }

  /** A server and a client that trust each other. */
  private PushingServer trustingServer(String... nodes) throws Exception {
    X509Certificate own = ApplicationCertificate.of(folder.resolve("own"), "test").own();
    Path trusted = Files.createDirectories(folder.resolve("trusted").resolve("certs"));
    Files.write(trusted.resolve("server.der"), serverCertificate.certificate().getEncoded());
    return opened(new PushingServer(port, serverCertificate, List.of(own), List.of(nodes)));
  }

  private OpcUaSettings secured(String password, String... signals) {
    return encrypted("opc.tcp://127.0.0.1:" + port, password, signals);
  }

  private OpcUaSettings encrypted(String url, String password, String... signals) {
    OpcUaSettings plain = settings(url, 5_000, signals);
    return new OpcUaSettings(
        plain.name(),
        url,
        SecurityPolicy.Basic256Sha256,
        MessageSecurityMode.SignAndEncrypt,
        PushingServer.USER,
        new Password.Given(password),
        folder,
        plain.signals(),
        0,
        5_000,
        20,
        Duration.ofSeconds(20),
        2,
        MEGA,
        MEGA,
        Duration.ofMillis(20),
        Duration.ofMillis(200));
  }

  private OpcUaSettings plain(String url, String... signals) {
    return settings(url, 5_000, signals);
  }

  private OpcUaSettings settings(String url, int queueSize, String... signals) {
    List<SignalSetting> list = new ArrayList<>();
    for (String signal : signals) {
      boolean isPart = signal.equals("serial");
      list.add(
          new SignalSetting(
              signal, node(signal), "", isPart ? ValueKind.TEXT : ValueKind.NUMERIC, isPart));
    }
    return new OpcUaSettings(
        "test",
        url,
        SecurityPolicy.None,
        MessageSecurityMode.None,
        "",
        null,
        folder,
        list,
        0,
        queueSize,
        20,
        Duration.ofSeconds(20),
        2,
        MEGA,
        MEGA,
        Duration.ofMillis(20),
        Duration.ofMillis(200));
  }

  private OpcUaSettings with(OpcUaSettings s, List<SignalSetting> signals) {
    return new OpcUaSettings(
        s.name(),
        s.endpoint(),
        s.policy(),
        s.mode(),
        s.user(),
        s.password(),
        s.folder(),
        signals,
        s.samplingMillis(),
        s.queueSize(),
        s.publishingMillis(),
        s.lifetime(),
        s.itemsBatch(),
        s.imageBytes(),
        s.imagePixels(),
        s.backoffLeast(),
        s.backoffMost());
  }

  private static String node(String name) {
    return "nsu=" + PushingServer.NAMESPACE + ";s=" + name;
  }

  private static List<Double> levels(OpcUaSource source) {
    List<Measurement> measured = source.measurements();
    measured.forEach(each -> assertEquals(Map.of("queue", "opcua:test"), each.tags()));
    return measured.stream().map(Measurement::value).toList();
  }

  private static String detail(OpcUaSource source) {
    return source.status().get(0).detail();
  }

  private static void awaitState(OpcUaSource source, StatusLine.State state) {
    awaitTrue(() -> source.status().get(0).state() == state);
  }

  private static void awaitItems(PushingServer server, int items) {
    awaitTrue(() -> server.items() >= items);
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      assertTrue(latch.await(30, TimeUnit.SECONDS));
    } catch (InterruptedException stopped) {
      throw new IllegalStateException(stopped);
    }
  }

  private static void awaitTrue(BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "it did not come about within 30 s");
      LockSupport.parkNanos(5_000_000);
    }
  }
}
