// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.wire.internal;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.message.Header;
import org.fedwerk.api.message.Kind;
import org.fedwerk.api.message.Party;
import org.fedwerk.wire.internal.proto.Wire;
import org.jspecify.annotations.Nullable;

/** Headers as bytes. */
final class HeaderBytes {
  private HeaderBytes() {}

  static byte[] encode(Header header) {
    Wire.Header.Builder wire =
        Wire.Header.newBuilder()
            .setMajor(header.major())
            .setMinor(header.minor())
            .setFederation(header.federation())
            .setSenderRole(role(header.sender().role()))
            .setSenderId(header.sender().id())
            .setRecipient(header.recipient())
            .setKind(kind(header.kind()))
            .setRound(header.round())
            .setAttempt(header.attempt())
            .setPhase(header.phase())
            .setSequence(header.sequence())
            .setReplyTo(header.replyTo())
            .setEpoch(header.epoch())
            .setEncryption(header.encryption());
    Digest task = header.task();
    if (task != null) {
      wire.setTask(Bounds.raw(task));
    }
    return wire.build().toByteArray();
  }

  /** The major is looked at first, since another one may give every other field a new meaning. */
  static Header decode(byte[] bytes) throws RefusedException {
    Wire.Header wire;
    try {
      wire = Wire.Header.parseFrom(bytes);
    } catch (InvalidProtocolBufferException malformed) {
      throw Bounds.refused("header", "cannot be read");
    }
    if (wire.getMajor() != Header.MAJOR) {
      throw Bounds.refused(
          "protocol",
          "the sender speaks protocol "
              + Integer.toUnsignedString(wire.getMajor())
              + "."
              + Integer.toUnsignedString(wire.getMinor())
              + ", this program speaks "
              + Header.MAJOR
              + "."
              + Header.MINOR
              + "; install the same major on both sides");
    }
    Kind kind = kind(wire.getKindValue());
    if (wire.getPhase() < -1) {
      throw Bounds.refused("header.phase", "is below -1");
    }
    ByteString task = wire.getTask();
    return new Header(
        wire.getMajor(),
        Bounds.natural("header.minor", wire.getMinor()),
        Bounds.text("header.federation", wire.getFederation(), Bounds.ID_CHARS),
        sender(wire),
        Bounds.text("header.recipient", wire.getRecipient(), Bounds.ID_CHARS),
        kind,
        wire.hasTask() ? Bounds.digest("header.task", task) : null,
        Bounds.natural("header.round", wire.getRound()),
        Bounds.natural("header.attempt", wire.getAttempt()),
        wire.getPhase(),
        Bounds.natural("header.sequence", wire.getSequence()),
        Bounds.natural("header.reply-to", wire.getReplyTo()),
        Bounds.natural("header.epoch", wire.getEpoch()),
        Bounds.name("header.encryption", wire.getEncryption()));
  }

  private static Party sender(Wire.Header wire) throws RefusedException {
    Party.@Nullable Role role =
        switch (wire.getSenderRole()) {
          case ROLE_SITE -> Party.Role.SITE;
          case ROLE_COORDINATOR -> Party.Role.COORDINATOR;
          case ROLE_UNSPECIFIED, UNRECOGNIZED -> null;
        };
    if (role == null) {
      throw Bounds.refused("header.sender", "is neither site nor coordinator");
    }
    try {
      return new Party(role, wire.getSenderId());
    } catch (IllegalArgumentException invalid) {
      throw Bounds.refused("header.sender", "has no valid id");
    }
  }

  private static Wire.Role role(Party.Role role) {
    return switch (role) {
      case SITE -> Wire.Role.ROLE_SITE;
      case COORDINATOR -> Wire.Role.ROLE_COORDINATOR;
    };
  }

  private static Wire.Kind kind(Kind kind) {
    return switch (kind) {
      case TASK -> Wire.Kind.KIND_TASK;
      case PLAN -> Wire.Kind.KIND_PLAN;
      case RECEIPT -> Wire.Kind.KIND_RECEIPT;
      case SYNC -> Wire.Kind.KIND_SYNC;
      case READY -> Wire.Kind.KIND_READY;
      case PROGRESS -> Wire.Kind.KIND_PROGRESS;
      case MANIFEST -> Wire.Kind.KIND_MANIFEST;
      case LEAVE -> Wire.Kind.KIND_LEAVE;
      case FETCH -> Wire.Kind.KIND_FETCH;
      case ASSIGNMENT -> Wire.Kind.KIND_ASSIGNMENT;
      case RUNNING -> Wire.Kind.KIND_RUNNING;
      case DRIFT -> Wire.Kind.KIND_DRIFT;
      case CHUNK -> throw new IllegalArgumentException("chunks travel raw, they are not sealed");
    };
  }

  private static Kind kind(int number) throws RefusedException {
    Wire.Kind kind = Wire.Kind.forNumber(number);
    if (kind != null && kind != Wire.Kind.KIND_UNSPECIFIED) {
      return Kind.valueOf(kind.name().substring("KIND_".length()));
    }
    throw Bounds.refused(
        "kind",
        "number " + number + " is unknown to protocol " + Header.MAJOR + "." + Header.MINOR);
  }
}
