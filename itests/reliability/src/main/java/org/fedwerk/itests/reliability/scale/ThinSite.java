// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability.scale;

import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.identity.Identity;
import org.fedwerk.api.learn.Evaluation;
import org.fedwerk.api.link.Address;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.Disclosure;
import org.fedwerk.api.message.Header;
import org.fedwerk.api.message.Kind;
import org.fedwerk.api.message.Message;
import org.fedwerk.api.message.Position;
import org.fedwerk.api.message.SealedMessages;
import org.fedwerk.api.message.Section;
import org.fedwerk.wire.internal.ProtobufSealedMessages;
import org.jspecify.annotations.Nullable;

/**
 * A site that speaks the protocol with its own certificate and trains nothing: its updates are
 * computed beforehand. It keeps nothing on disk, says no progress and, unless it is the reader,
 * does not fetch the models. All of it runs on its client's event loop.
 */
final class ThinSite implements ThinClient.Listener {
  /** Counts in each evaluation; the better, the later the round. */
  private static final int EXAMPLES = 1000;

  private final int number;
  private final Crowd crowd;
  private final Updates updates;
  private final Identity self;
  private final SealedMessages sealed;
  private final ThinClient client;
  private final Driver driver;
  private final @Nullable ModelReader reader;
  private final Map<Digest, Integer> offered = new HashMap<>();
  private int offeredRound;
  private Position highest = Position.NONE;
  private @Nullable Reply newest;
  private @Nullable Digest task;
  private long sequence;

  private record Reply(Position position, byte[] manifest) {}

  /** Whom a site tells how it goes. Any thread may call. */
  interface Driver {
    void connected();

    void failed(String reason);
  }

  ThinSite(
      int number,
      Crowd crowd,
      Updates updates,
      Identity self,
      Driver driver,
      EventLoopGroup loops,
      @Nullable ModelReader reader) {
    this.number = number;
    this.crowd = crowd;
    this.updates = updates;
    this.self = self;
    this.sealed = new ProtobufSealedMessages(self);
    this.driver = driver;
    this.reader = reader;
    String root = "fedwerk/" + self.federation() + "/";
    client =
        new ThinClient(
            loops,
            self.self().id(),
            List.of(root + "all/#", root + "to/" + self.self().id() + "/#"),
            this);
  }

  ThinClient client() {
    return client;
  }

  @Override
  public void connected() {
    say(null, Position.NONE, new Body.Sync("scale", List.of()));
    driver.connected();
  }

  @Override
  public void failed(String reason) {
    driver.failed(reason);
  }

  @Override
  public void received(String topic, byte[] payload) {
    try {
      Address address = Address.parse(topic);
      if (address.kind() == Kind.CHUNK) {
        if (reader != null) {
          reader.chunk(payload);
        }
        return;
      }
      Message message = sealed.open(address, payload);
      hear(message.header(), message.body());
    } catch (RefusedException | IOException | RuntimeException wrong) {
      driver.failed(self.self() + ": " + topic + ": " + wrong);
    }
  }

  private void hear(Header header, Body body) throws IOException, RefusedException {
    if (body instanceof Body.TaskOffer offer) {
      task = header.task();
      if (reader != null) {
        reader.task(offer.yaml());
      }
      int examples = crowd.weight(number);
      say(task, highest, new Body.Ready(true, "", examples, EXAMPLES, EXAMPLES));
    } else if (body instanceof Body.Plan plan) {
      plan(header, plan);
    } else if (body instanceof Body.Fetch fetch) {
      fetch.digests().forEach(this::send);
    } else if (body instanceof Body.Receipt receipt && !receipt.accepted()) {
      driver.failed(self.self() + ": its reply was refused: " + receipt.reason());
    }
  }

  private void plan(Header header, Body.Plan plan) throws IOException, RefusedException {
    Position position = header.position();
    int order = position.compareTo(highest);
    if (order == 0 && newest != null && newest.position().equals(position)) {
      publish(Kind.MANIFEST, header.task(), newest.manifest());
      return;
    }
    if (order <= 0) {
      return; // heard before: it came to all and to this site
    }
    highest = position;
    if (!plan.cohort().contains(self.self().id())) {
      return;
    }
    Digest about = header.task();
    if (reader == null || about == null) {
      answer(about, position, plan);
    } else {
      reader.read(
          plan.model(),
          wanted -> say(about, position, new Body.Fetch(wanted)),
          () -> answer(about, position, plan));
    }
  }

  private void answer(@Nullable Digest about, Position position, Body.Plan plan)
      throws IOException {
    Body.Manifest manifest;
    switch (plan.request()) {
      case "train" -> manifest = trained(plan, position.round());
      case "evaluate", "test" ->
          manifest = manifest(plan, List.of(), 0, Optional.of(evaluation(position.round())), 0);
      case "deploy" -> manifest = manifest(plan, List.of(), 0, Optional.empty(), 1);
      default -> {
        return;
      }
    }
    Reply reply = new Reply(position, seal(about, position, manifest));
    newest = reply;
    publish(Kind.MANIFEST, about, reply.manifest());
  }

  private Body.Manifest trained(Body.Plan plan, int round) throws IOException {
    Section delta = updates.section(number, round);
    offered.clear();
    offeredRound = round;
    for (int chunk = 0; chunk < delta.chunks().size(); chunk++) {
      offered.put(delta.chunks().get(chunk).digest(), chunk);
    }
    return manifest(plan, List.of(delta), crowd.weight(number), Optional.empty(), 0);
  }

  private static Body.Manifest manifest(
      Body.Plan plan,
      List<Section> sections,
      double weight,
      Optional<Evaluation> evaluation,
      int revision) {
    Digest base = plan.model().digest();
    return new Body.Manifest(
        base, sections, weight, Disclosure.INDIVIDUAL, List.of(), evaluation, revision, null);
  }

  /** Each round is a little better than the one before, so that the newest model is the best. */
  private static Evaluation evaluation(int round) {
    int half = EXAMPLES / 2;
    int right = half / 2 + Math.min(round, half / 2);
    long[][] confusion = {{right, half - right}, {half - right, right}};
    long[][] scores = new long[2][Evaluation.BINS];
    scores[0][0] = half;
    scores[1][Evaluation.BINS - 1] = half;
    return new Evaluation(EXAMPLES, EXAMPLES - right, confusion, scores);
  }

  private void send(Digest wanted) {
    Integer chunk = offered.get(wanted);
    if (chunk != null) {
      int round = offeredRound;
      client.publish(topic(Kind.CHUNK, task), () -> updates.chunk(number, chunk, round));
    }
  }

  private void say(@Nullable Digest about, Position place, Body body) {
    publish(body.kind(), about, seal(about, place, body));
  }

  private byte[] seal(@Nullable Digest about, Position place, Body body) {
    Header header =
        new Header(
            Header.MAJOR,
            Header.MINOR,
            self.federation(),
            self.self(),
            Headquarters.COORDINATOR,
            body.kind(),
            about,
            place.round(),
            place.attempt(),
            place.phase(),
            ++sequence,
            0,
            place.epoch(),
            Header.NO_ENCRYPTION);
    return sealed.seal(new Message(header, body));
  }

  private void publish(Kind kind, @Nullable Digest about, byte[] payload) {
    client.publish(topic(kind, about), () -> payload);
  }

  private String topic(Kind kind, @Nullable Digest about) {
    String brief = about == null ? Address.NO_TASK : about.brief();
    return new Address(self.federation(), Address.Branch.FROM, self.self().id(), kind, brief)
        .topic();
  }
}
