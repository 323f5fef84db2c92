// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.wire.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.Arrays;
import org.fedwerk.api.Refusal;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.link.Address;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.Kind;
import org.fedwerk.api.message.Message;
import org.fedwerk.api.message.Party;
import org.fedwerk.wire.internal.proto.Wire;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Each check of open() refuses on its own, with its own words. */
class RefusalTest {
  private final TestIdentity hub = TestIdentity.coordinator("hub");
  private final TestIdentity plantA = TestIdentity.site("plant-a");
  private final TestIdentity plantB = TestIdentity.site("plant-b");

  RefusalTest() {
    hub.knows(plantA).knows(plantB);
    plantA.knows(hub).knows(plantB);
  }

  @Test
  void everyKindThatIsInOrderIsOpened() throws RefusedException {
    for (Kind kind : Kind.values()) {
      if (kind.isSealed()) {
        boolean fromSite = kind.mayBeSentBy(Party.Role.SITE);
        byte[] sealed = sealed(fromSite ? plantA : hub, Examples.of(kind));
        Message opened =
            new ProtobufSealedMessages(fromSite ? hub : plantA)
                .open(Examples.address(kind), sealed);
        assertEquals(Examples.header(kind), opened.header());
      }
    }
  }

  @Test
  void aMessageThatIsTooLargeIsRefusedBeforeItIsRead() {
    assertRefused("frame", "allowed are 97280", hub, Kind.READY, new byte[97_281]);
  }

  @Test
  void aTruncatedMessageSaysSo() {
    byte[] sealed = sealed(plantA, Examples.of(Kind.READY));
    byte[] cut = Arrays.copyOf(sealed, sealed.length - 3);
    assertRefused("frame", "it ends 3 bytes too early", hub, Kind.READY, cut);
  }

  @Test
  void anotherProtocolMajorIsRefusedByName() {
    byte[] header = header(Kind.READY).setMajor(2).setMinor(5).build().toByteArray();
    byte[] sealed = forged(plantA, header, Kind.READY);
    assertRefused(
        "protocol",
        "the sender speaks protocol 2.5, this program speaks 1.2",
        hub,
        Kind.READY,
        sealed);
  }

  @Test
  void unknownFieldsOfAHigherMinorAreIgnored() throws Exception {
    byte[] unknown = {(byte) 0xf8, 0x06, 0x2a}; // field 111, varint 42
    byte[] header = concat(header(Kind.READY).setMinor(3).build().toByteArray(), unknown);
    byte[] body = concat(BodyEncoder.encode(Examples.body(Kind.READY)), unknown);
    byte[] sealed =
        new Frame(header, body, plantA.keyId(), plantA.sign(Frame.signed(header, body))).bytes();
    Message opened = new ProtobufSealedMessages(hub).open(Examples.address(Kind.READY), sealed);
    assertEquals(3, opened.header().minor());
    assertEquals(Examples.body(Kind.READY), opened.body());
  }

  @Test
  void anUnknownKindIsRefused() {
    byte[] header = header(Kind.READY).setKindValue(77).build().toByteArray();
    assertRefused(
        "kind", "number 77 is unknown", hub, Kind.READY, forged(plantA, header, Kind.READY));
  }

  @Test
  void aKindOnTheTopicOfAnotherKindIsRefused() {
    byte[] sealed = sealed(plantA, Examples.of(Kind.READY));
    assertRefused("kind", "a ready came on a topic for sync", hub, Kind.SYNC, sealed);
  }

  @Test
  void anotherFederationIsRefused() {
    TestIdentity foreign = new TestIdentity("valves", plantA.self());
    TestIdentity receiver = hub.knows(foreign);
    byte[] sealed = sealed(foreign, changed(Kind.READY, header -> header.setFederation("valves")));
    assertRefused("federation", "another federation than \"pumps\"", receiver, Kind.READY, sealed);
  }

  @Test
  void aMessageForAnotherRecipientIsRefused() {
    byte[] sealed = sealed(hub, changed(Kind.RECEIPT, header -> header.setRecipient("plant-b")));
    assertRefused("recipient", "neither site plant-a nor all", plantA, Kind.RECEIPT, sealed);
  }

  @Test
  void anEncryptionThatIsNotSpokenIsRefused() {
    byte[] sealed =
        sealed(hub, changed(Kind.RECEIPT, header -> header.setEncryption("recipient-key")));
    assertRefused("encryption", "opens only \"none\"", plantA, Kind.RECEIPT, sealed);
  }

  @Test
  void anUnknownKeyIsRefused() {
    byte[] sealed = sealed(TestIdentity.site("plant-a"), Examples.of(Kind.READY));
    assertRefused("signature", "the key is unknown", hub, Kind.READY, sealed);
  }

  @Test
  void aSignatureOverAnotherBodyIsRefused() throws RefusedException {
    Frame frame = Frame.parse(sealed(plantA, Examples.of(Kind.READY)));
    byte[] body = BodyEncoder.encode(new Body.Ready(true, "", 1_000_000, 0, 0));
    byte[] sealed = new Frame(frame.header(), body, frame.keyId(), frame.signature()).bytes();
    assertRefused("signature", "the signature is wrong", hub, Kind.READY, sealed);
  }

  @Test
  void aSiteThatSpeaksInAnotherSitesNameIsRefused() {
    byte[] header = HeaderBytes.encode(Examples.header(Kind.READY));
    byte[] sealed = forged(plantB, header, Kind.READY);
    assertRefused("sender", "it was signed by site plant-b", hub, Kind.READY, sealed);
  }

  @Test
  void aPlanSignedByASiteIsRefused() {
    byte[] sealed =
        sealed(
            plantB,
            changed(
                Kind.PLAN,
                header -> header.setSenderRole(Wire.Role.ROLE_SITE).setSenderId("plant-b")));
    assertRefused("role", "site plant-b may not send a plan", plantA, Kind.PLAN, sealed);
  }

  @Test
  void aPlanSignedByASiteInTheCoordinatorsNameIsRefused() {
    byte[] sealed = forged(plantB, HeaderBytes.encode(Examples.header(Kind.PLAN)), Kind.PLAN);
    assertRefused("sender", "it was signed by site plant-b", plantA, Kind.PLAN, sealed);
  }

  @Test
  void aSiteOnTheBranchOfAnotherSiteIsRefused() {
    Address foreign = address(Address.Branch.FROM, "plant-b", Kind.READY, Examples.TASK.brief());
    byte[] sealed = sealed(plantA, Examples.of(Kind.READY));
    assertRefused(
        "topic", "site plant-a speaks on the topic of site plant-b", hub, foreign, sealed);
  }

  @Test
  void aSiteOnATopicOfTheCoordinatorIsRefused() {
    Address all = address(Address.Branch.ALL, null, Kind.FETCH, Examples.TASK.brief());
    byte[] sealed = sealed(plantA, Examples.of(Kind.FETCH));
    assertRefused("topic", "speaks on a topic of the coordinator", hub, all, sealed);
  }

  @Test
  void aMessageOnTheTopicToAnotherSiteIsRefused() {
    Address other = address(Address.Branch.TO, "plant-b", Kind.RECEIPT, Examples.TASK.brief());
    byte[] sealed = sealed(hub, Examples.of(Kind.RECEIPT));
    assertRefused("topic", "to site plant-b, this is site plant-a", plantA, other, sealed);
  }

  @Test
  void aTopicOfAnotherTaskIsRefused() {
    Address other = address(Address.Branch.FROM, "plant-a", Kind.READY, "0123456789ab");
    byte[] sealed = sealed(plantA, Examples.of(Kind.READY));
    assertRefused("topic", "names another task", hub, other, sealed);
  }

  @Test
  void aRefusalRepeatsNothingOfAMessageThatIsNotVerified() {
    byte[] header = header(Kind.READY).setSenderId("Not An Id\u001b[31m").build().toByteArray();
    Refusal refusal =
        assertRefused(
            "header.sender",
            "has no valid id",
            hub,
            Kind.READY,
            forged(plantA, header, Kind.READY));
    assertEquals("has no valid id", refusal.what());
  }

  @Test
  void nobodySealsInAnothersName() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new ProtobufSealedMessages(plantB).seal(Examples.of(Kind.READY)));
  }

  private interface Change {
    Wire.Header.Builder in(Wire.Header.Builder header);
  }

  private static Message changed(Kind kind, Change change) {
    try {
      return new Message(
          HeaderBytes.decode(change.in(header(kind)).build().toByteArray()), Examples.body(kind));
    } catch (RefusedException wrong) {
      throw new IllegalStateException(wrong);
    }
  }

  private static Wire.Header.Builder header(Kind kind) {
    try {
      return Wire.Header.parseFrom(HeaderBytes.encode(Examples.header(kind))).toBuilder();
    } catch (InvalidProtocolBufferException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static byte[] sealed(TestIdentity sender, Message message) {
    return new ProtobufSealedMessages(sender).seal(message);
  }

  /** Signed with a valid key, whatever the header says. */
  private static byte[] forged(TestIdentity signer, byte[] header, Kind kind) {
    byte[] body = BodyEncoder.encode(Examples.body(kind));
    return new Frame(header, body, signer.keyId(), signer.sign(Frame.signed(header, body))).bytes();
  }

  private static byte[] concat(byte[] a, byte[] b) {
    byte[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  private static Address address(
      Address.Branch branch, @Nullable String site, Kind kind, String task) {
    return new Address("pumps", branch, site, kind, task);
  }

  private static Refusal assertRefused(
      String where, String what, TestIdentity receiver, Kind topic, byte[] sealed) {
    return assertRefused(where, what, receiver, Examples.address(topic), sealed);
  }

  private static Refusal assertRefused(
      String where, String what, TestIdentity receiver, Address address, byte[] sealed) {
    RefusedException refused =
        assertThrows(
            RefusedException.class,
            () -> new ProtobufSealedMessages(receiver).open(address, sealed));
    Refusal refusal = refused.refusals().get(0);
    assertEquals(where, refusal.where());
    assertTrue(refusal.what().contains(what), refusal.what());
    return refusal;
  }
}
