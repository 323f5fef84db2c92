// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.registry;

import java.time.Duration;
import java.time.Instant;
import org.fedwerk.api.coordinator.Coordination.RoundRecord;
import org.fedwerk.coordinator.internal.bytes.Fields;
import org.fedwerk.coordinator.internal.bytes.StateReader;
import org.fedwerk.coordinator.internal.bytes.StateWriter;

/** Rows of the run history as record fields. */
final class HistoryCodec {
  private HistoryCodec() {}

  static void encode(StateWriter out, RoundRecord round) {
    out.digest(round.task()).number(round.round()).number(round.attempt());
    out.text(round.protocol()).digest(round.model()).number(round.seed());
    out.list(round.cohort(), StateWriter::text).map(round.missing(), StateWriter::text);
    out.map(round.metrics(), StateWriter::real);
    out.map(round.evaluations(), Fields::evaluation);
    out.number(round.bytesDown()).number(round.bytesUp());
    out.number(round.started().toEpochMilli()).number(round.duration().toNanos());
  }

  static RoundRecord decode(StateReader in) {
    return new RoundRecord(
        in.digest(),
        in.integer(),
        in.integer(),
        in.text(),
        in.digest(),
        in.number(),
        in.list(StateReader::text),
        in.map(StateReader::text),
        in.map(StateReader::real),
        in.map(Fields::evaluation),
        in.number(),
        in.number(),
        Instant.ofEpochMilli(in.number()),
        Duration.ofNanos(in.number()));
  }
}
