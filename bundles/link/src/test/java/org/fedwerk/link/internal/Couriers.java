// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.link.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import org.fedwerk.api.Registration;
import org.fedwerk.api.link.Carriage;
import org.fedwerk.api.link.LinkException;
import org.fedwerk.api.link.Parcel;

/** Two couriers per link: one fetches what waits, one brings what lies in the link's own bag. */
final class Couriers implements AutoCloseable {
  private final Map<String, BlockingQueue<Parcel>> bags = new ConcurrentHashMap<>();
  private final List<Thread> threads = new ArrayList<>();
  private final List<Registration> registrations = new ArrayList<>();

  void serve(String id, Carriage carriage) {
    registrations.add(carriage.carrier());
    start("fetch-" + id, () -> fetch(carriage));
    start("bring-" + id, () -> bring(bag(id), carriage));
  }

  private BlockingQueue<Parcel> bag(String id) {
    return bags.computeIfAbsent(id, none -> new LinkedBlockingQueue<>());
  }

  private interface Work {
    void step() throws InterruptedException, LinkException;
  }

  private void start(String name, Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                while (true) {
                  work.step();
                }
              } catch (InterruptedException | LinkException over) {
                Thread.currentThread().interrupt();
              }
            },
            name);
    thread.setDaemon(true);
    threads.add(thread);
    thread.start();
  }

  private void fetch(Carriage carriage) throws InterruptedException {
    Parcel parcel = carriage.next(Duration.ofSeconds(1));
    if (parcel != null) {
      bag(parcel.recipient()).add(parcel);
      parcel.carried();
    }
  }

  private static void bring(BlockingQueue<Parcel> bag, Carriage carriage)
      throws InterruptedException {
    Parcel parcel = bag.take();
    try {
      carriage.bring(parcel.address(), parcel.payload());
    } catch (LinkException notYet) {
      bag.add(parcel);
    }
  }

  @Override
  public void close() throws InterruptedException {
    threads.forEach(Thread::interrupt);
    for (Thread thread : threads) {
      thread.join();
    }
    registrations.forEach(Registration::close);
  }
}
