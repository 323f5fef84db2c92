// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.opcua.internal;

import static org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.Unsigned.ubyte;
import static org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.Unsigned.uint;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
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

/**
 * One subscription, driven by hand: publish, deliver, store, and only then acknowledge with the
 * next publish (Part 4, 5.14.5). Milo's own publishing acknowledges whatever the server holds,
 * delivered or not. One request is out at a time, so memory holds one message, and a source that
 * cannot store asks for no more. For one thread.
 */
final class ItemSubscription {
  private static final int MOST_NOTIFICATIONS = 10_000;
  private static final int LEAST_LIFETIMES = 3;
  private static final int LONGEST_GAP = 1 << 16;

  private final ServerConnection connection;
  private final UInteger id;
  private final Duration watchdog;
  private final List<UInteger> acknowledge = new ArrayList<>();
  private final Deque<Delivery> waiting = new ArrayDeque<>();
  private final String revision;
  private ResumePoint point;
  private long expected;
  private final boolean isResumed;
  private boolean isGapBefore;
  private boolean isGone;
  private boolean isHeard;
  private boolean isMute;

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
                    uint(MOST_NOTIFICATIONS),
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
    UInteger[] held = results[0].getAvailableSequenceNumbers();
    resumed.catchUp(held == null ? List.of() : Arrays.asList(held));
    return Optional.of(resumed);
  }

  private static long keepAliveCount(double publishingMillis, Duration signOfLife) {
    return Math.max(1, (long) Math.ceil(signOfLife.toMillis() / publishingMillis));
  }

  private static Duration watchdog(double publishingMillis, long keepAliveCount) {
    return Duration.ofMillis((long) (publishingMillis * (keepAliveCount + 1) * 3));
  }

  private void catchUp(List<UInteger> held) throws ConnectionProblem, InterruptedException {
    for (UInteger sequence : held) {
      if (Sequence.isBefore(sequence.longValue(), expected)) {
        acknowledge.add(sequence);
      } else {
        fetchUpTo(Sequence.next(sequence.longValue()));
      }
    }
  }

  /** Has messages sent again that should have come before the one given. */
  private void fetchUpTo(long until) throws ConnectionProblem, InterruptedException {
    if (Sequence.steps(expected, until) > LONGEST_GAP) {
      isGapBefore = true;
      expected = until;
    }
    while (expected != until) {
      Optional<NotificationMessage> message = republish(expected);
      if (message.isPresent()) {
        take(message.get());
      } else {
        isGapBefore = true;
      }
      expected = Sequence.next(expected);
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
    if (waiting.isEmpty()) {
      publish();
    }
    return Optional.ofNullable(waiting.peek());
  }

  /** The message that {@link #next} gave is stored; the next publish acknowledges it. */
  void stored() {
    Delivery delivery = waiting.remove();
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
    fetchUpTo(sequence);
    ExtensionObject[] data = message.getNotificationData();
    if (data != null && data.length > 0) {
      take(message);
      expected = Sequence.next(sequence);
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

  private void take(NotificationMessage message) throws ConnectionProblem {
    List<MonitoredItemNotification> notifications = new ArrayList<>();
    ExtensionObject[] parts = message.getNotificationData();
    for (ExtensionObject part : parts == null ? new ExtensionObject[0] : parts) {
      Object decoded = part.decode(connection.client().getStaticEncodingContext());
      if (decoded instanceof DataChangeNotification change) {
        MonitoredItemNotification[] items = change.getMonitoredItems();
        notifications.addAll(items == null ? List.of() : Arrays.asList(items));
      } else if (decoded instanceof StatusChangeNotification change) {
        ended(change.getStatus());
      }
    }
    waiting.add(new Delivery(message.getSequenceNumber().longValue(), notifications, isGapBefore));
    isGapBefore = false;
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
