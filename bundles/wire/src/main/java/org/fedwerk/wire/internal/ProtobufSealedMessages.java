// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.wire.internal;

import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.identity.Identity;
import org.fedwerk.api.link.Address;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.Header;
import org.fedwerk.api.message.Message;
import org.fedwerk.api.message.Party;
import org.fedwerk.api.message.SealedMessages;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Sealed messages of protocol 1, see docs/wire.md. Stateless, any thread may call. */
@Component
public final class ProtobufSealedMessages implements SealedMessages {
  private final Identity identity;

  /** With the keys of this process. */
  @Activate
  public ProtobufSealedMessages(@Reference Identity identity) {
    this.identity = identity;
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if it claims another sender or federation, or if a field is
   *     beyond what a receiver takes
   */
  @Override
  public byte[] seal(Message message) {
    Header header = message.header();
    if (!header.sender().equals(identity.self())) {
      throw new IllegalArgumentException(
          identity.self() + " cannot seal a message of " + header.sender());
    }
    if (!header.federation().equals(identity.federation())) {
      throw new IllegalArgumentException(
          "the message is for federation \""
              + header.federation()
              + "\", this is \""
              + identity.federation()
              + "\"");
    }
    byte[] headerBytes = HeaderBytes.encode(header);
    byte[] bodyBytes = BodyEncoder.encode(message.body());
    try {
      // What nobody could open must not wait in an outbox for ever.
      HeaderBytes.decode(headerBytes);
      BodyDecoder.decode(header.kind(), bodyBytes);
      byte[] signature = identity.sign(Frame.signed(headerBytes, bodyBytes));
      byte[] sealed = new Frame(headerBytes, bodyBytes, identity.keyId(), signature).bytes();
      Frame.parse(sealed);
      return sealed;
    } catch (RefusedException beyond) {
      throw new IllegalArgumentException(
          "no receiver would take this " + header.kind().word() + ": " + beyond.getMessage(),
          beyond);
    }
  }

  @Override
  public Message open(Address address, byte[] sealed) throws RefusedException {
    Frame frame = Frame.parse(sealed);
    Header header = HeaderBytes.decode(frame.header());
    if (header.kind() != address.kind()) {
      throw new RefusedException(
          "kind", "a " + header.kind().word() + " came on a topic for " + address.kind().word());
    }
    if (!header.federation().equals(identity.federation())
        || !address.federation().equals(identity.federation())) {
      throw new RefusedException(
          "federation", "it is for another federation than \"" + identity.federation() + "\"");
    }
    if (!header.recipient().equals(Header.ALL)
        && !header.recipient().equals(identity.self().id())) {
      throw new RefusedException("recipient", "it is for neither " + identity.self() + " nor all");
    }
    if (!header.encryption().equals(Header.NO_ENCRYPTION)) {
      throw new RefusedException(
          "encryption", "this program opens only \"" + Header.NO_ENCRYPTION + "\"");
    }
    Party signer = identity.verify(frame.keyId(), frame.signed(), frame.signature());
    if (!signer.equals(header.sender())) {
      throw new RefusedException(
          "sender", "it was signed by " + signer + " but claims to come from another");
    }
    if (!header.kind().mayBeSentBy(signer.role())) {
      throw new RefusedException("role", signer + " may not send a " + header.kind().word());
    }
    checkTopic(address, header);
    Body body = BodyDecoder.decode(header.kind(), frame.body());
    return new Message(header, body);
  }

  private void checkTopic(Address address, Header header) throws RefusedException {
    Party sender = header.sender();
    switch (address.branch()) {
      case FROM -> {
        if (sender.role() != Party.Role.SITE || !sender.id().equals(address.site())) {
          throw new RefusedException(
              "topic", sender + " speaks on the topic of site " + address.site());
        }
      }
      case TO -> {
        if (!identity.self().id().equals(address.site())) {
          throw new RefusedException(
              "topic",
              "it came on the topic to site " + address.site() + ", this is " + identity.self());
        }
        checkCoordinator(sender);
      }
      case ALL -> checkCoordinator(sender);
    }
    Digest task = header.task();
    if (!address.task().equals(task == null ? Address.NO_TASK : task.brief())) {
      throw new RefusedException("topic", "the topic names another task than the header");
    }
  }

  private static void checkCoordinator(Party sender) throws RefusedException {
    if (sender.role() != Party.Role.COORDINATOR) {
      throw new RefusedException("topic", sender + " speaks on a topic of the coordinator");
    }
  }

  @Override
  public Digest bodyDigest(byte[] sealed) {
    try {
      return Digest.of(Frame.parse(sealed).body());
    } catch (RefusedException malformed) {
      throw new IllegalArgumentException(
          "not a sealed message: " + malformed.getMessage(), malformed);
    }
  }
}
