// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.link.internal;

import java.util.ArrayList;
import java.util.List;
import org.fedwerk.api.link.LinkException;
import org.fedwerk.api.metric.Measurement;
import org.fedwerk.api.metric.QueueLevel;
import org.fedwerk.api.status.StatusLine;

/** Counts what was handed over to a link and has no answer yet, and keeps its bounds. */
final class SendQueue {
  private final String next;
  private final int mostMessages;
  private final long mostBytes;
  private int messages;
  private long bytes;
  private long refused;

  /**
   * An empty queue.
   *
   * @param next what it waits for, in words
   */
  SendQueue(LinkSettings.Queue bounds, String next) {
    this.next = next;
    mostMessages = bounds.sendMessages();
    mostBytes = bounds.sendBytes();
  }

  /**
   * Takes a message in.
   *
   * @throws LinkException if there is no room for it
   */
  synchronized void enter(int size) throws LinkException {
    if (messages >= mostMessages || bytes + size > mostBytes) {
      refused++;
      throw new LinkException(
          "the link's queue is full: "
              + depth()
              + "; send it again when some of them are through, or raise send.messages or"
              + " send.bytes");
    }
    messages++;
    bytes += size;
  }

  /** A message has its answer. */
  synchronized void leave(int size) {
    messages--;
    bytes -= size;
  }

  /** How many are in it. */
  synchronized int messages() {
    return messages;
  }

  /**
   * How full it is.
   *
   * @param name of the queue
   */
  synchronized List<Measurement> levels(String name) {
    List<Measurement> levels = new ArrayList<>();
    levels.addAll(new QueueLevel(name, messages, mostMessages).things());
    levels.addAll(new QueueLevel(name, bytes, mostBytes).bytes());
    return levels;
  }

  private String depth() {
    return messages
        + " of at most "
        + mostMessages
        + " messages, "
        + bytes
        + " of at most "
        + mostBytes
        + " bytes wait for "
        + next;
  }

  synchronized StatusLine status() {
    return new StatusLine(
        "link queue",
        StatusLine.State.READY,
        depth() + (refused == 0 ? "" : "; " + refused + " refused since start, queue full"));
  }
}
