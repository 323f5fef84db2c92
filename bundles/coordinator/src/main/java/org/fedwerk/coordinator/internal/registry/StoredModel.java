// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.registry;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.fedwerk.api.Digest;
import org.fedwerk.api.learn.LabelStatistics;
import org.fedwerk.api.learn.Moments;
import org.fedwerk.api.message.ModelChange;
import org.fedwerk.api.message.ModelReference;
import org.fedwerk.api.message.Section;
import org.fedwerk.api.model.ModelVersion;

/**
 * A committed model and where its bytes are.
 *
 * @param version what it is
 * @param reference its chunks
 * @param state of the server optimizer after the step that made it, and what the coded change to it
 *     left out; never leaves
 * @param labels what contributors told of their training labels, by the version's names of them
 */
public record StoredModel(
    ModelVersion version,
    ModelReference reference,
    List<Section> state,
    Map<String, LabelStatistics> labels) {
  public StoredModel {
    state = List.copyOf(state);
    labels = Map.copyOf(labels);
  }

  /** A model with nothing beside it. */
  public StoredModel(ModelVersion version, ModelReference reference) {
    this(version, reference, List.of(), Map.of());
  }

  /** The same model with what was kept beside it, and the rest of its reference. */
  StoredModel with(
      List<Section> kept,
      Optional<ModelChange> change,
      List<Moments> statistics,
      Map<String, LabelStatistics> told) {
    return new StoredModel(version, reference.with(change).with(statistics), kept, told);
  }

  /** Its chunks and the pieces of their list, which sites may have. */
  public List<Digest> served() {
    return reference.blobs();
  }

  /** All that is kept for it. */
  public List<Digest> blobs() {
    return Stream.concat(
            served().stream(), state.stream().flatMap(section -> section.blobs().stream()))
        .toList();
  }
}
