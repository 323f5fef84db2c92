// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability.kill;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.fedwerk.api.Digest;
import org.fedwerk.api.identity.Identity;
import org.fedwerk.api.learn.Engine;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.learn.Predictor;
import org.fedwerk.api.learn.TrainedVector;
import org.fedwerk.api.learn.TrainingGuide;
import org.fedwerk.api.learn.TrainingProgress;
import org.fedwerk.api.learn.TrainingSpec;
import org.fedwerk.api.link.Address;
import org.fedwerk.api.link.Link;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.Disclosure;
import org.fedwerk.api.message.Header;
import org.fedwerk.api.message.Kind;
import org.fedwerk.api.message.Message;
import org.fedwerk.sim.kill.Scenario;
import org.fedwerk.wire.internal.ProtobufSealedMessages;

/** The engine of the one site that does what the scenario says: its first work is odd. */
final class OddEngine implements Engine {
  private static final long SILENT_MILLIS = 8000;
  private static final long SLOW_MILLIS = 12000;
  private static final long STEP_MILLIS = 50;

  private final Engine sound;
  private final Scenario scenario;
  private final Digest task;
  private final Identity self;
  private final Link link;
  private final Consumer<Digest> forgeries;
  private final AtomicInteger trainings = new AtomicInteger();
  private final AtomicBoolean forged = new AtomicBoolean();

  /** What the first training began with; empty before. */
  private volatile float[] first = {};

  /**
   * Around a sound one.
   *
   * @param forgeries hears of each reply that the site did not make, before it is sent
   */
  OddEngine(
      Engine sound,
      Scenario scenario,
      Digest task,
      Identity self,
      Link link,
      Consumer<Digest> forgeries) {
    this.sound = sound;
    this.scenario = scenario;
    this.task = task;
    this.self = self;
    this.link = link;
    this.forgeries = forgeries;
  }

  @Override
  public String description() {
    return sound.description();
  }

  @Override
  public TrainedVector train(
      Network network,
      TrainingSpec spec,
      LabelledInputs inputs,
      float[] start,
      long seed,
      TrainingProgress progress) {
    return train(network, spec, inputs, start, TrainingGuide.NONE, seed, progress);
  }

  @Override
  public TrainedVector train(
      Network network,
      TrainingSpec spec,
      LabelledInputs inputs,
      float[] start,
      TrainingGuide guide,
      long seed,
      TrainingProgress progress) {
    if (trainings.getAndIncrement() == 0) {
      first = start.clone();
      switch (scenario) {
        case LEAVE -> throw new ArithmeticException("the loss is not finite at step 1");
        case STALL -> pause(SILENT_MILLIS);
        case OVERDUE -> dawdle(progress);
        default -> {}
      }
    }
    return sound.train(network, spec, inputs, start, guide, seed, progress);
  }

  private static void dawdle(TrainingProgress progress) {
    for (long slept = 0; slept < SLOW_MILLIS; slept += STEP_MILLIS) {
      pause(STEP_MILLIS);
      if (!progress.step(0, 1)) {
        throw new CancellationException("a newer plan came");
      }
    }
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
      throw new CancellationException("the site closes");
    }
  }

  @Override
  public Predictor predictor(Network network, float[] vector) {
    // Another model than the first is evaluated or deployed once the first reply has counted.
    boolean counted = first.length > 0 && !Arrays.equals(first, vector);
    if (scenario == Scenario.FORGED && counted && forged.compareAndSet(false, true)) {
      forge();
    }
    return sound.predictor(network, vector);
  }

  /** A second reply to the training that counts already. */
  private void forge() {
    Body body =
        new Body.Manifest(
            task, List.of(), 1, Disclosure.INDIVIDUAL, List.of(), Optional.empty(), 0, null);
    Header header =
        new Header(
            Header.MAJOR,
            Header.MINOR,
            self.federation(),
            self.self(),
            "coordinator",
            Kind.MANIFEST,
            task,
            1,
            1,
            0,
            500,
            0,
            1,
            Header.NO_ENCRYPTION);
    Address address =
        new Address(
            self.federation(), Address.Branch.FROM, self.self().id(), Kind.MANIFEST, task.brief());
    byte[] sealed = new ProtobufSealedMessages(self).seal(new Message(header, body));
    forgeries.accept(Digest.of(sealed));
    var unused = link.send(address, sealed, false);
  }
}
