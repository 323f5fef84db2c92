// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.link.internal;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.fedwerk.api.link.Throughput;
import org.fedwerk.api.metric.Measurement;

/** Counts what goes through a link, payloads alone. Thread-safe. */
final class Traffic {
  private final AtomicLong sentBytes = new AtomicLong();
  private final AtomicLong receivedBytes = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final BusyTime busy;

  Traffic() {
    this(System::nanoTime);
  }

  /**
   * Nothing went through yet.
   *
   * @param nanoTime monotonic clock
   */
  Traffic(LongSupplier nanoTime) {
    busy = new BusyTime(nanoTime);
  }

  /** A message was taken to be sent. */
  void taken(CompletableFuture<Void> answer, int bytes) {
    busy.begins(bytes);
    var unused =
        answer.whenComplete(
            (done, refused) -> {
              busy.ends(bytes, refused == null);
              if (refused == null) {
                sentBytes.addAndGet(bytes);
              } else {
                failed.incrementAndGet();
              }
            });
  }

  /** How fast larger messages went. */
  Throughput sent() {
    return busy.throughput();
  }

  void received(int bytes) {
    receivedBytes.addAndGet(bytes);
  }

  /**
   * All of it.
   *
   * @param up whether the link is connected
   * @param inFlight messages that the broker has not acknowledged
   * @param queued messages taken and without an answer
   * @param connections how often it came up
   */
  List<Measurement> measurements(boolean up, int inFlight, int queued, long connections) {
    return List.of(
        Measurement.gauge("fedwerk.link.up", "", "1 while the link is connected", up ? 1 : 0),
        Measurement.gauge(
            "fedwerk.link.inflight", "", "Messages not acknowledged by the broker yet", inFlight),
        Measurement.gauge(
            "fedwerk.link.queue",
            "",
            "Messages taken and without an answer, those in flight included",
            queued),
        Measurement.counter(
            "fedwerk.link.connections", "", "How often the link came up", connections),
        Measurement.counter(
            "fedwerk.link.failures", "", "Messages that the broker did not take", failed.get()),
        Measurement.counter(
            "fedwerk.link.sent", "bytes", "Payloads that the broker took", sentBytes.get()),
        Measurement.counter(
            "fedwerk.link.received", "bytes", "Payloads received", receivedBytes.get()));
  }
}
