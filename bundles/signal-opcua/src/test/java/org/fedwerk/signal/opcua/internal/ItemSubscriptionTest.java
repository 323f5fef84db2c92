// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.opcua.internal;

import static org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.Unsigned.uint;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import org.eclipse.milo.opcua.stack.core.security.SecurityPolicy;
import org.eclipse.milo.opcua.stack.core.types.builtin.ExtensionObject;
import org.eclipse.milo.opcua.stack.core.types.enumerated.MessageSecurityMode;
import org.eclipse.milo.opcua.stack.core.types.structured.DataChangeNotification;
import org.eclipse.milo.opcua.stack.core.types.structured.NotificationMessage;
import org.eclipse.milo.opcua.stack.core.types.structured.PublishRequest;
import org.eclipse.milo.opcua.stack.core.types.structured.PublishResponse;
import org.eclipse.milo.opcua.stack.core.types.structured.SubscriptionAcknowledgement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the server sends again comes one message at a time, over the real protocol. */
@Timeout(60)
class ItemSubscriptionTest {
  private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(1);

  @TempDir Path folder;
  private final ExecutorService io = IoThreads.of("test");
  private PushingServer server;
  private OpcUaSettings settings;
  private ServerConnection connection;
  private ItemSubscription subscription;

  /** A message that nobody stored. */
  private record Lost(long sequence, int values) {}

  @BeforeEach
  void subscribe() throws Exception {
    PushingServer.Certificate certificate = PushingServer.Certificate.make();
    X509Certificate own = ApplicationCertificate.of(folder.resolve("own"), "test").own();
    Path trusted = Files.createDirectories(folder.resolve("trusted").resolve("certs"));
    Files.write(trusted.resolve("server.der"), certificate.certificate().getEncoded());
    server = new PushingServer(PushingServer.freePort(), certificate, List.of(own), List.of("a"));
    String node = "nsu=" + PushingServer.NAMESPACE + ";s=a";
    settings =
        new OpcUaSettings(
            "test",
            server.url(),
            SecurityPolicy.Basic256Sha256,
            MessageSecurityMode.SignAndEncrypt,
            PushingServer.USER,
            new Password.Given(PushingServer.PASSWORD),
            folder,
            List.of(new SignalSetting("a", node, "", ValueKind.NUMERIC, false)),
            0,
            5_000,
            20,
            Duration.ofSeconds(20),
            2,
            1 << 20,
            1 << 20,
            Duration.ofMillis(20),
            Duration.ofMillis(200));
    connection = connect();
    subscription = ItemSubscription.create(connection, settings, "digest", SIGN_OF_LIFE);
    new MonitoredSignals(settings).createAll(connection, subscription);
  }

  @AfterEach
  void close() throws Exception {
    connection.close();
    server.close();
    io.shutdownNow();
  }

  private ServerConnection connect() throws Exception {
    return ServerConnection.open(
        settings,
        ApplicationCertificate.of(folder.resolve("own"), "test"),
        new CertificateFolders(folder),
        io);
  }

  private void push(int values) {
    for (int i = 0; i < values; i++) {
      server.push("a", (double) i, i);
    }
  }

  /** Messages that reach this client, and it dies before they are stored. */
  private List<Lost> lose(int messages) throws Exception {
    List<Lost> lost = new ArrayList<>();
    while (lost.size() < messages) {
      push(3);
      PublishResponse response =
          (PublishResponse)
              connection.await(
                  connection
                      .client()
                      .getSessionAsync()
                      .thenCompose(
                          session ->
                              connection
                                  .client()
                                  .sendRequestAsync(
                                      new PublishRequest(
                                          connection
                                              .client()
                                              .newRequestHeader(
                                                  session.getAuthenticationToken(), uint(10_000)),
                                          new SubscriptionAcknowledgement[0]))));
      NotificationMessage message = response.getNotificationMessage();
      int values = 0;
      ExtensionObject[] data = message.getNotificationData();
      for (ExtensionObject part : data == null ? new ExtensionObject[0] : data) {
        DataChangeNotification change =
            (DataChangeNotification) part.decode(connection.client().getStaticEncodingContext());
        values += change.getMonitoredItems().length;
      }
      if (values > 0) {
        lost.add(new Lost(message.getSequenceNumber().longValue(), values));
      }
    }
    return lost;
  }

  private Delivery next() throws Exception {
    Optional<Delivery> delivery = subscription.next();
    while (delivery.isEmpty()) {
      delivery = subscription.next();
    }
    return delivery.get();
  }

  /** Each of the messages is given and stored before the next is fetched. */
  private void giveBack(List<Lost> lost, int besides) throws Exception {
    for (Lost each : lost) {
      Delivery delivery = next();
      assertEquals(each.sequence(), delivery.sequence());
      assertEquals(each.values(), delivery.notifications().size());
      assertEquals(each.values() + besides, subscription.held(), "values in memory");
      assertFalse(delivery.isAfterGap());
      assertSame(delivery, next(), "it is given until it is stored");
      subscription.stored();
      assertEquals(besides, subscription.held());
    }
  }

  @Test
  void aSubscriptionThatIsTakenUpFetchesOneMessageAndTheNextWhenThatIsStored() throws Exception {
    List<Lost> lost = lose(3);
    ResumePoint point = subscription.point().orElseThrow();
    connection.drop();
    connection = connect();
    subscription =
        ItemSubscription.resume(connection, settings, "digest", SIGN_OF_LIFE, point).orElseThrow();
    assertEquals(0, subscription.held());
    giveBack(lost, 0);
    push(2);
    assertEquals(lost.get(2).sequence() + 1, next().sequence());
  }

  @Test
  void aMessageThatCameEarlyWaitsUntilThoseBeforeItAreFetchedAndStored() throws Exception {
    List<Lost> lost = lose(2);
    push(1);
    next();
    int early = subscription.held() - lost.get(0).values();
    giveBack(lost, early);
    Delivery last = next();
    assertEquals(lost.get(1).sequence() + 1, last.sequence());
    assertEquals(early, last.notifications().size());
    assertFalse(last.isAfterGap());
    subscription.stored();
    assertEquals(0, subscription.held());
  }
}
