// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.identity.Identity;
import org.fedwerk.api.link.Address;
import org.fedwerk.api.link.Address.Branch;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.Chunk;
import org.fedwerk.api.message.Disclosure;
import org.fedwerk.api.message.Header;
import org.fedwerk.api.message.Kind;
import org.fedwerk.api.message.Message;
import org.fedwerk.api.message.ModelReference;
import org.fedwerk.api.message.Section;
import org.fedwerk.wire.internal.ProtobufSealedMessages;

/**
 * A client with the coordinator's key that sees what the sites send about one task, byte for byte.
 */
final class Tap implements AutoCloseable {
  private static final String FEDERATION = "demo";

  private final Digest task;
  private final ProtobufSealedMessages messages;
  private final Member member;

  Tap(int brokerPort, Identity coordinator, Digest task) throws Exception {
    this.task = task;
    messages = new ProtobufSealedMessages(coordinator);
    member = new Member(brokerPort, "hq.tap", Member.tls(coordinator.tls(), coordinator.tls()));
    member.connect();
    if (member.subscribe("fedwerk/" + FEDERATION + "/from/#") != 1) {
      throw new IllegalStateException("the broker does not let the coordinator read");
    }
  }

  /** A topic of the task that a site speaks on. */
  String from(String site, Kind kind) {
    return address(Branch.FROM, site, kind).topic();
  }

  /** A topic of the task to one site. */
  String to(String site, Kind kind) {
    return address(Branch.TO, site, kind).topic();
  }

  /** A topic of the task to all sites. */
  String all(Kind kind) {
    return new Address(FEDERATION, Branch.ALL, null, kind, task.brief()).topic();
  }

  private Address address(Branch branch, String site, Kind kind) {
    return new Address(FEDERATION, branch, site, kind, task.brief());
  }

  /** The sealed manifests of a site's replies to a phase. */
  List<byte[]> replies(String site, int round, int phase) {
    List<byte[]> found = new ArrayList<>();
    for (Member.Seen each : member.seen()) {
      if (each.address().equals(address(Branch.FROM, site, Kind.MANIFEST))) {
        try {
          Header header = messages.open(each.address(), each.payload()).header();
          if (header.round() == round && header.phase() == phase) {
            found.add(each.payload());
          }
        } catch (RefusedException forged) {
          // One of those that a test sent itself.
        }
      }
    }
    return found;
  }

  /** What a sealed manifest of a site says. */
  Body.Manifest manifest(String site, byte[] sealed) throws RefusedException {
    return (Body.Manifest) messages.open(address(Branch.FROM, site, Kind.MANIFEST), sealed).body();
  }

  /** SHA-256 of all chunks that a site has sent. */
  List<Digest> chunks(String site) {
    return member.seen().stream()
        .filter(each -> each.address().equals(address(Branch.FROM, site, Kind.CHUNK)))
        .map(each -> Digest.of(each.payload()))
        .toList();
  }

  /** Sends with the coordinator's rights at the broker. */
  int publish(String topic, byte[] payload) throws MqttException {
    return member.publish(topic, payload);
  }

  /** A well-formed plan of round 99, with the valid signature of a site. */
  byte[] planOf(Identity site) {
    Chunk chunk = new Chunk(0, 1, 4, Digest.of(new byte[4]));
    Section parameters =
        new Section(Section.PARAMETERS, Section.F32LE, Disclosure.INDIVIDUAL, List.of(chunk));
    Body.Plan plan =
        new Body.Plan(
            "train",
            "train",
            List.of("plant-a", "plant-b", "plant-c"),
            new ModelReference(0, task, task, parameters),
            true,
            1000,
            Duration.ofSeconds(10));
    Header header =
        new Header(
            Header.MAJOR,
            Header.MINOR,
            FEDERATION,
            site.self(),
            Header.ALL,
            Kind.PLAN,
            task,
            99,
            1,
            0,
            1_000_000,
            0,
            1,
            Header.NO_ENCRYPTION);
    return new ProtobufSealedMessages(site).seal(new Message(header, plan));
  }

  @Override
  public void close() throws MqttException {
    member.close();
  }
}
