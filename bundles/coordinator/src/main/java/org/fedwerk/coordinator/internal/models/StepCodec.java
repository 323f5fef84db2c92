// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.models;

import java.time.Instant;
import java.util.Optional;
import org.fedwerk.coordinator.internal.bytes.StateReader;
import org.fedwerk.coordinator.internal.bytes.StateWriter;

/** Steps as records of the journal {@code coordinator/<task>/models}. */
public final class StepCodec {
  private static final int ADDED = 1;
  private static final int APPROVED = 2;
  private static final int ACTIVATED = 3;
  private static final int RETIRED = 4;
  private static final int WAVE = 5;
  private static final int PASSED = 6;
  private static final int ROLLED_BACK = 7;

  private StepCodec() {}

  /** A step as its record. */
  public static byte[] encode(Step step) {
    if (step instanceof Step.Added added) {
      StateWriter out = new StateWriter(ADDED).number(added.version()).digest(added.digest());
      return out.text(added.card()).number(added.at().toEpochMilli()).record();
    } else if (step instanceof Step.Approved) {
      return decided(new StateWriter(APPROVED), step).record();
    } else if (step instanceof Step.Activated) {
      return decided(new StateWriter(ACTIVATED), step).record();
    } else if (step instanceof Step.Retired) {
      return decided(new StateWriter(RETIRED), step).record();
    } else if (step instanceof Step.WaveBegan began) {
      return decided(new StateWriter(WAVE), step)
          .number(began.wave())
          .list(began.waves(), (to, wave) -> to.list(wave, StateWriter::text))
          .record();
    } else if (step instanceof Step.GatePassed passed) {
      return decided(new StateWriter(PASSED), step).number(passed.wave()).record();
    } else if (step instanceof Step.RolledBack back) {
      return decided(new StateWriter(ROLLED_BACK), step)
          .maybe(back.to(), (to, version) -> to.number(version))
          .record();
    }
    throw new IllegalArgumentException("no record for " + step.getClass().getName());
  }

  private static StateWriter decided(StateWriter out, Step step) {
    out.number(step.version()).text(step.by()).text(step.why());
    return out.number(step.at().toEpochMilli());
  }

  /**
   * Reads a record.
   *
   * @throws IllegalStateException for a type of a newer program
   */
  public static Step decode(byte[] record) {
    StateReader in = new StateReader("a model journal", record);
    int version = in.integer();
    if (in.type() == ADDED) {
      return new Step.Added(version, in.digest(), in.text(), Instant.ofEpochMilli(in.number()));
    }
    String by = in.text();
    String why = in.text();
    Instant at = Instant.ofEpochMilli(in.number());
    return switch (in.type()) {
      case APPROVED -> new Step.Approved(version, by, why, at);
      case ACTIVATED -> new Step.Activated(version, by, why, at);
      case RETIRED -> new Step.Retired(version, by, why, at);
      case WAVE ->
          new Step.WaveBegan(
              version, in.integer(), in.list(from -> from.list(StateReader::text)), by, why, at);
      case PASSED -> new Step.GatePassed(version, in.integer(), by, why, at);
      case ROLLED_BACK -> {
        Optional<Integer> to = in.maybe(StateReader::integer);
        yield new Step.RolledBack(version, to, by, why, at);
      }
      default ->
          throw new IllegalStateException(
              "a model journal holds a record of unknown type "
                  + in.type()
                  + "; start the newer program again or restore a backup");
    };
  }
}
