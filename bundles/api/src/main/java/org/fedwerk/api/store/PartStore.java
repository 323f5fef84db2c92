// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.Label;
import org.fedwerk.api.data.Part;
import org.fedwerk.api.data.PartData;
import org.fedwerk.api.signal.LabelReport;
import org.fedwerk.api.signal.Sample;

/**
 * A site's samples of open parts, closed parts, labels and roles, bounded by bytes and age of
 * source time. Thread-safe. What returned survives a kill.
 */
public interface PartStore {
  /** Keeps samples that belong to no closed part yet. @return their sequence */
  long append(String source, List<Sample> samples);

  /** Reads the kept samples, to build the open state again after a start. */
  void replay(SampleVisitor visitor);

  /** Samples before this sequence belong to closed parts and may go. */
  void release(long sequence);

  /**
   * Keeps a closed part; the ordinal in it must be {@link #nextOrdinal()}.
   *
   * @return false if it was deleted and came again: then it is not kept, and uses no ordinal
   */
  boolean add(PartData part);

  /** The ordinal of the next part. */
  long nextOrdinal();

  /** A part by its serial: the newest of that name; empty if it never came or was evicted. */
  Optional<PartData> part(String serial);

  /** A part by ordinal. */
  Optional<PartData> part(long ordinal);

  /** A part's name and times alone, without reading its samples where the store can avoid it. */
  default Optional<Part> header(long ordinal) {
    return part(ordinal).map(PartData::part);
  }

  /** Ordinal of the oldest part kept. */
  long firstOrdinal();

  /**
   * Keeps a label as the newest revision, unless it equals the newest one.
   *
   * @return the newest revision; empty if the part was deleted: then it is not kept
   */
  Optional<Label> label(LabelReport report);

  /** The newest revision. */
  Optional<Label> newest(String serial, String label);

  /** All revisions, oldest first. */
  List<Label> revisions(String serial, String label);

  /**
   * Keeps a part's role for ever; a second call for the same serial does not change it. For a
   * deleted part nothing is kept. @return the role that holds
   */
  DataRole decide(String serial, DataRole role);

  /** The role of a part, if decided. */
  Optional<DataRole> role(String serial);

  /** Parts removed to keep the bounds, since the store was made. */
  long evicted();

  /** The serials that a selection means, of parts and labels that are here. */
  Set<String> select(DataSelection selection);

  /** How much {@link #delete} would delete. */
  Deleted count(Set<String> serials);

  /**
   * Deletes all that belongs to serials: parts, labels, roles, and kept samples from the parts'
   * time. When it returns, none of it is in a file; killed in the middle, the next start ends it.
   * Labels of these serials are not taken any more, nor are parts of these names that began before
   * the newest part that was stored; a later part may use the name again.
   *
   * @return what was deleted
   * @throws java.io.UncheckedIOException if a file could not be written; nobody sees the data any
   *     more, and the next start takes them out of the files
   */
  Deleted delete(Set<String> serials);

  /** Deletions since the store was made, also one that a kill interrupted. */
  long deletions();

  /** True if a serial was deleted and no later part has its name. */
  boolean isDeleted(String serial);

  /** True if a part of this name and begin was deleted, or would be by an earlier deletion. */
  boolean isDeleted(String serial, Instant begin);

  /** End of the newest part that was ever stored, also where it was deleted since. */
  Optional<Instant> closedThrough();

  /** Bytes on disk. */
  long bytes();

  /**
   * How much was deleted.
   *
   * @param parts closed parts
   * @param labels revisions of labels
   */
  record Deleted(int parts, int labels) {}

  /** Sees kept samples. */
  @FunctionalInterface
  interface SampleVisitor {
    /** One batch. */
    void samples(long sequence, String source, List<Sample> samples);
  }
}
