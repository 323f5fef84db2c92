// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.opcua.internal;

import static org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.Unsigned.ubyte;
import static org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.Unsigned.uint;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.types.UaResponseMessageType;
import org.eclipse.milo.opcua.stack.core.types.builtin.ExtensionObject;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UInteger;
import org.eclipse.milo.opcua.stack.core.types.structured.CreateSubscriptionResponse;
import org.eclipse.milo.opcua.stack.core.types.structured.DataChangeNotification;
import org.eclipse.milo.opcua.stack.core.types.structured.MonitoredItemNotification;
import org.eclipse.milo.opcua.stack.core.types.structured.NotificationMessage;
import org.eclipse.milo.opcua.stack.core.types.structured.PublishRequest;
import org.eclipse.milo.opcua.stack.core.types.structured.PublishResponse;
import org.eclipse.milo.opcua.stack.core.types.structured.StatusChangeNotification;
import org.eclipse.milo.opcua.stack.core.types.structured.SubscriptionAcknowledgement;
import org.eclipse.milo.opcua.stack.core.types.structured.TransferResult;
import org.jspecify.annotations.Nullable;

/**
 * One subscription, driven by hand: publish, deliver, store, and only then acknowledge with the
 * next publish (Part 4, 5.14.5). Milo's own publishing acknowledges whatever the server holds,
 * delivered or not. One request is out at a time, and what should have come before is sent again
 * one message after the other, so memory holds one message, and besides it the one that came too
 * early; a source that cannot store asks for no more. For one thread, but for {@link #held}.
 */
final class ItemSubscription {
  private static final int LEAST_LIFETIMES = 3;
  private static final int LONGEST_GAP = 1 << 16;

  private final ServerConnection connection;
  private final UInteger id;
  private final Duration watchdog;
  private final List<UInteger> acknowledge = new ArrayList<>();
  private final String revision;
  private ResumePoint point;
  private @Nullable Delivery waiting;

  /** Came before one that is to be sent again. */
  private @Nullable Message early;

  private long expected;

  /** What is missing before this number is sent again. */
  private long known;

  private final boolean isResumed;
  private boolean isGapBefore;
  private boolean isGone;
  private boolean isHeard;
  private boolean isMute;
  private volatile int held;

  private ItemSubscription(
      ServerConnection connection,
      UInteger id,
      Duration watchdog,
      String revision,
      ResumePoint point,
      boolean isResumed) {
    this.connection = connection;
    this.id = id;
    this.watchdog = watchdog;
    this.revision = revision;
    this.point = point;
    this.expected = Sequence.next(point.stored());
    this.known = expected;
    this.isResumed = isResumed;
  }

  /**
   * Makes a new one, without items.
   *
   * @param signOfLife how often the server shall send something at least
   */
  static ItemSubscription create(
      ServerConnection connection,
      OpcUaSettings settings,
      String settingsDigest,
      Duration signOfLife)
      throws ConnectionProblem, InterruptedException {
    double interval = settings.publishingMillis();
    long keepAlive = keepAliveCount(interval, signOfLife);
    long lifetime =
        Math.max(LEAST_LIFETIMES * keepAlive, (long) (settings.lifetime().toMillis() / interval));
    CreateSubscriptionResponse made =
        connection.await(
            connection
                .client()
                .createSubscriptionAsync(
                    interval,
                    uint(lifetime),
                    uint(keepAlive),
                    uint(settings.notificationsMost()),
                    true,
                    ubyte(0)));
    double revised = made.getRevisedPublishingInterval();
    return new ItemSubscription(
        connection,
        made.getSubscriptionId(),
        watchdog(revised, made.getRevisedMaxKeepAliveCount().longValue()),
        revised == interval ? "" : "publishing every " + revised + " ms instead of " + interval,
        new ResumePoint(
            made.getSubscriptionId().longValue(), connection.serverStart(), settingsDigest, 0),
        false);
  }

  /**
   * Takes up one that an earlier session left, with what it holds that is not stored yet.
   *
   * @return empty if the server does not have it any more
   */
  static Optional<ItemSubscription> resume(
      ServerConnection connection,
      OpcUaSettings settings,
      String settingsDigest,
      Duration signOfLife,
      ResumePoint point)
      throws ConnectionProblem, InterruptedException {
    if (!point.serverStart().equals(connection.serverStart())
        || !point.settings().equals(settingsDigest)) {
      return Optional.empty();
    }
    UInteger id = uint(point.subscription());
    TransferResult[] results;
    try {
      results =
          connection
              .await(connection.client().transferSubscriptionsAsync(List.of(id), false))
              .getResults();
    } catch (ConnectionProblem unsupported) {
      return Optional.empty();
    }
    if (results == null || results.length != 1 || !results[0].getStatusCode().isGood()) {
      return Optional.empty();
    }
    double interval = settings.publishingMillis();
    ItemSubscription resumed =
        new ItemSubscription(
            connection,
            id,
            watchdog(interval, keepAliveCount(interval, signOfLife)),
            "",
            point,
            true);
    UInteger[] sequences = results[0].getAvailableSequenceNumbers();
    resumed.offered(sequences == null ? List.of() : Arrays.asList(sequences));
    return Optional.of(resumed);
  }

  private static long keepAliveCount(double publishingMillis, Duration signOfLife) {
    return Math.max(1, (long) Math.ceil(signOfLife.toMillis() / publishingMillis));
  }

  private static Duration watchdog(double publishingMillis, long keepAliveCount) {
    return Duration.ofMillis((long) (publishingMillis * (keepAliveCount + 1) * 3));
  }

  /** The server holds these messages; what is not stored of them is to be sent again. */
  private void offered(List<UInteger> sequences) {
    for (UInteger sequence : sequences) {
      if (Sequence.isBefore(sequence.longValue(), expected)) {
        acknowledge.add(sequence);
      } else {
        missBefore(Sequence.next(sequence.longValue()));
      }
    }
  }

  private void missBefore(long until) {
    if (Sequence.steps(expected, until) > LONGEST_GAP) {
      isGapBefore = true;
      expected = until;
      known = until;
    } else if (Sequence.isBefore(known, until)) {
      known = until;
    }
  }

  /** Has the next message sent again that should have come, or takes the one that came early. */
  private void catchUp() throws ConnectionProblem, InterruptedException {
    while (waiting == null && expected != known) {
      Optional<NotificationMessage> message = republish(expected);
      if (message.isPresent()) {
        take(read(message.get()));
      } else {
        isGapBefore = true;
      }
      expected = Sequence.next(expected);
    }
    Message next = early;
    if (waiting == null && next != null) {
      early = null;
      expected = Sequence.next(next.sequence());
      known = expected;
      take(next);
    }
  }

  private Optional<NotificationMessage> republish(long sequence)
      throws ConnectionProblem, InterruptedException {
    return connection.await(
        connection
            .client()
            .republishAsync(id, uint(sequence))
            .handle(
                (response, failed) ->
                    failed == null
                        ? Optional.of(response.getNotificationMessage())
                        : Optional.<NotificationMessage>empty()));
  }

  /**
   * The next message that is not stored; blocks until the server has one, or sends a sign of life.
   *
   * @return empty for a sign of life
   */
  Optional<Delivery> next() throws ConnectionProblem, InterruptedException {
    catchUp();
    if (waiting == null) {
      publish();
      catchUp();
    }
    return Optional.ofNullable(waiting);
  }

  /** The message that {@link #next} gave is stored; the next publish acknowledges it. */
  void stored() {
    Delivery delivery = Objects.requireNonNull(waiting, "nothing was given to be stored");
    waiting = null;
    count();
    acknowledge.add(uint(delivery.sequence()));
    point = point.after(delivery.sequence());
  }

  private void publish() throws ConnectionProblem, InterruptedException {
    long asked = System.nanoTime();
    PublishResponse response;
    try {
      response = ask();
    } catch (ConnectionProblem unanswered) {
      isMute = isResumed && !isHeard && System.nanoTime() - asked >= watchdog.toNanos();
      throw unanswered;
    }
    acknowledge.clear();
    isHeard = true;
    if (!response.getSubscriptionId().equals(id)) {
      return;
    }
    NotificationMessage message = response.getNotificationMessage();
    long sequence = message.getSequenceNumber().longValue();
    if (Sequence.isBefore(sequence, expected)) {
      acknowledge.add(uint(sequence));
      return;
    }
    missBefore(sequence);
    ExtensionObject[] data = message.getNotificationData();
    if (data != null && data.length > 0) {
      early = read(message);
      count();
    }
  }

  private PublishResponse ask() throws ConnectionProblem, InterruptedException {
    SubscriptionAcknowledgement[] stored =
        acknowledge.stream()
            .map(sequence -> new SubscriptionAcknowledgement(id, sequence))
            .toArray(SubscriptionAcknowledgement[]::new);
    UaResponseMessageType answer =
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
                                            session.getAuthenticationToken(),
                                            uint(watchdog.toMillis())),
                                    stored))),
            watchdog);
    return (PublishResponse) answer;
  }

  /** What a message says: values, and the subscription's end where that is told. */
  private record Message(
      long sequence, List<MonitoredItemNotification> values, @Nullable StatusCode end) {}

  private Message read(NotificationMessage message) {
    StatusCode end = null;
    List<MonitoredItemNotification> notifications = new ArrayList<>();
    ExtensionObject[] parts = message.getNotificationData();
    for (ExtensionObject part : parts == null ? new ExtensionObject[0] : parts) {
      Object decoded = part.decode(connection.client().getStaticEncodingContext());
      if (decoded instanceof DataChangeNotification change) {
        MonitoredItemNotification[] items = change.getMonitoredItems();
        notifications.addAll(items == null ? List.of() : Arrays.asList(items));
      } else if (decoded instanceof StatusChangeNotification change) {
        end = change.getStatus();
      }
    }
    return new Message(message.getSequenceNumber().longValue(), notifications, end);
  }

  private void take(Message message) throws ConnectionProblem {
    StatusCode end = message.end();
    if (end != null) {
      ended(end);
    }
    waiting = new Delivery(message.sequence(), message.values(), isGapBefore);
    isGapBefore = false;
    count();
  }

  private void count() {
    Delivery delivery = waiting;
    Message message = early;
    held =
        (delivery == null ? 0 : delivery.notifications().size())
            + (message == null ? 0 : message.values().size());
  }

  /** Values in memory: of a message that is to be stored, and of one that came early. */
  int held() {
    return held;
  }

  /** Most values in memory. */
  static int mostHeld(OpcUaSettings settings) {
    return 2 * settings.notificationsMost();
  }

  private void ended(StatusCode status) throws ConnectionProblem {
    isGone = true;
    throw ConnectionProblem.of(
        status.value() == StatusCodes.Good_SubscriptionTransferred
            ? "another client took the subscription; give each source its own folder"
            : "the server ended the subscription (" + Problems.nameOf(status.value()) + ")");
  }

  /** Where the next session can go on; empty if the server ended the subscription. */
  Optional<ResumePoint> point() {
    return isGone ? Optional.empty() : Optional.of(point);
  }

  /** True if it was taken up, and the server kept the promised sign of life from it. */
  boolean isMute() {
    return isMute;
  }

  UInteger id() {
    return id;
  }

  /** What the server does otherwise than asked; empty if nothing. */
  String revision() {
    return revision;
  }

  /** Deletes it at the server. */
  void delete() throws ConnectionProblem, InterruptedException {
    connection.await(connection.client().deleteSubscriptionsAsync(List.of(id)));
  }
}
