// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.fedwerk.api.Digest;
import org.fedwerk.api.learn.Moments;
import org.fedwerk.api.learn.Normalisation;
import org.fedwerk.api.message.Chunk;
import org.fedwerk.api.message.Disclosure;
import org.fedwerk.api.message.Float32;
import org.fedwerk.api.message.ModelReference;
import org.fedwerk.api.message.Section;
import org.fedwerk.site.internal.Standing.Act;
import org.fedwerk.site.internal.Standing.Held;
import org.fedwerk.site.internal.Standing.What;
import org.jspecify.annotations.Nullable;

/** The records of the journal {@code site/deployments}. */
final class DeploymentRecords {
  static final String NAME = "site/deployments";

  /** A model by a plan, as programs wrote it that knew neither times nor people; read only. */
  static final int DEPLOYED = 1;

  static final int NORMALISED = 2;
  static final int RETIRED = 3;

  /** How a task stands after an act of a plan or a person: the newest counts, older ones may go. */
  static final int STANDING = 4;

  private DeploymentRecords() {}

  static byte[] normalised(Digest task, int revision, Normalisation normalisation) {
    return vector(
            vector(new StateWriter(NORMALISED).digest(task).number(revision), normalisation.mean()),
            normalisation.scale())
        .record();
  }

  static Normalisation normalisation(StateReader record) {
    return new Normalisation(vector(record), vector(record));
  }

  static byte[] retired(Digest task) {
    return new StateWriter(RETIRED).digest(task).record();
  }

  static byte[] standing(Digest task, Standing standing) {
    StateWriter out = new StateWriter(STANDING).digest(task);
    out.list(list(standing.active()), DeploymentRecords::held)
        .list(list(standing.previous()), DeploymentRecords::held)
        .list(list(standing.pin()), DeploymentRecords::act)
        .list(standing.acts(), DeploymentRecords::act);
    return statistics(statistics(out, standing.active()), standing.previous()).record();
  }

  static Standing standing(StateReader record) {
    Held active = first(record.list(DeploymentRecords::held)).orElse(null);
    Held previous = first(record.list(DeploymentRecords::held)).orElse(null);
    Act pin = first(record.list(DeploymentRecords::act)).orElse(null);
    List<Act> acts = record.list(DeploymentRecords::act);
    return new Standing(statistics(record, active), statistics(record, previous), pin, acts);
  }

  /** Behind all that programs wrote that knew no statistics. */
  private static StateWriter statistics(StateWriter out, @Nullable Held held) {
    List<Moments> statistics = held == null ? List.of() : held.model().statistics();
    return out.list(
        statistics, (to, each) -> to.number(each.count()).real(each.mean()).real(each.variance()));
  }

  private static @Nullable Held statistics(StateReader in, @Nullable Held held) {
    List<Moments> statistics =
        in.hasMore() ? in.list(r -> new Moments(r.number(), r.real(), r.real())) : List.of();
    return held == null ? null : new Held(held.model().with(statistics), held.localRevision());
  }

  private static <T> List<T> list(@Nullable T value) {
    return value == null ? List.of() : List.of(value);
  }

  private static <T> Optional<T> first(List<T> values) {
    return values.stream().findFirst();
  }

  private static StateWriter act(StateWriter out, Act act) {
    return out.text(act.what().name())
        .number(act.at().toEpochMilli())
        .text(act.by())
        .number(act.version())
        .digest(act.digest())
        .number(act.localRevision());
  }

  private static Act act(StateReader in) {
    return new Act(
        What.valueOf(in.text()),
        Instant.ofEpochMilli(in.number()),
        in.text(),
        in.integer(),
        in.digest(),
        in.integer());
  }

  private static StateWriter held(StateWriter out, Held held) {
    ModelReference model = held.model();
    return out.number(held.localRevision())
        .number(model.version())
        .digest(model.digest())
        .digest(model.layout())
        .list(
            model.parameters().chunks(),
            (w, chunk) ->
                w.number(chunk.from())
                    .number(chunk.count())
                    .number(chunk.bytes())
                    .digest(chunk.digest()));
  }

  private static Held held(StateReader in) {
    int revision = in.integer();
    return new Held(model(in), revision);
  }

  /** A model as {@link #DEPLOYED} has it. */
  static ModelReference model(StateReader record) {
    return new ModelReference(
        record.integer(),
        record.digest(),
        record.digest(),
        new Section(
            Section.PARAMETERS,
            Section.F32LE,
            Disclosure.INDIVIDUAL,
            record.list(r -> new Chunk(r.integer(), r.integer(), r.integer(), r.digest()))));
  }

  private static StateWriter vector(StateWriter writer, float[] values) {
    return writer.raw(Float32.encode(values, 0, values.length));
  }

  private static float[] vector(StateReader record) {
    byte[] raw = record.raw();
    float[] values = new float[raw.length / Float.BYTES];
    Float32.decode(raw, values, 0, values.length);
    return values;
  }
}
