// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.nio.ByteBuffer;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.link.Address;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.Message;
import org.fedwerk.api.message.Party;
import org.fedwerk.api.message.SealedMessages;

/** Keeps messages by number; a message's bytes are its number. Checks sender against topic. */
final class TestMessages implements SealedMessages {
  private static final AtomicLong BODIES = new AtomicLong();
  private final Map<Long, Message> messages = new ConcurrentHashMap<>();
  private final Map<Body, Digest> digests = new IdentityHashMap<>();
  private final AtomicLong last = new AtomicLong();

  @Override
  public synchronized byte[] seal(Message message) {
    long id = last.incrementAndGet();
    messages.put(id, message);
    digests.computeIfAbsent(
        message.body(),
        body -> Digest.of(ByteBuffer.allocate(8).putLong(BODIES.incrementAndGet()).array()));
    return ByteBuffer.allocate(8).putLong(id).array();
  }

  @Override
  public Message open(Address address, byte[] sealed) throws RefusedException {
    Message message = sealed.length == 8 ? messages.get(ByteBuffer.wrap(sealed).getLong()) : null;
    if (message == null) {
      throw new RefusedException("signature", "does not verify");
    }
    Party sender = message.header().sender();
    boolean isSite = address.branch() == Address.Branch.FROM;
    if (isSite != (sender.role() == Party.Role.SITE)
        || (isSite && !sender.id().equals(address.site()))
        || !message.header().kind().mayBeSentBy(sender.role())) {
      throw new RefusedException("sender", sender + " may not say this here");
    }
    return message;
  }

  @Override
  public synchronized Digest bodyDigest(byte[] sealed) {
    Message message = messages.get(ByteBuffer.wrap(sealed).getLong());
    Digest digest = message == null ? null : digests.get(message.body());
    if (digest == null) {
      throw new IllegalArgumentException("no such message");
    }
    return digest;
  }
}
