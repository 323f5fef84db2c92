// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.folder.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.fedwerk.api.data.EncodedImage;
import org.fedwerk.api.signal.ImageInspection;
import org.fedwerk.api.signal.Sample;
import org.fedwerk.api.signal.SampleSink;
import org.fedwerk.api.signal.SampleValue;
import org.fedwerk.api.signal.SampleValue.Text;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One look into the folder after the other: each whole image is stored as the part that its file's
 * name says, and the file put away; what stays no image is put aside. One thread.
 */
final class FolderLook {
  /** Folder for files that are stored. */
  static final String TAKEN = "taken";

  /** Folder for files that are no images to learn from. */
  static final String REFUSED = "refused";

  private static final Logger LOG = LoggerFactory.getLogger(FolderLook.class);
  private static final int LONGEST_SERIAL = 128;

  private final FolderSettings settings;
  private final SampleSink samples;
  private final ImageInspection inspection;
  private final LongSupplier nanos;
  private final Tally tally;
  private final Candidates candidates;
  private final SourceTimes times;

  /** Files that are stored and could not be put away yet. */
  private final Set<Candidates.Seen> stored = new HashSet<>();

  /** What was found out about files that have not changed since. */
  private Map<Candidates.Seen, String> problems = new HashMap<>();

  FolderLook(
      FolderSettings settings,
      SampleSink samples,
      ImageInspection inspection,
      Tally tally,
      Clock clock,
      LongSupplier nanos) {
    this.settings = settings;
    this.samples = samples;
    this.inspection = inspection;
    this.tally = tally;
    this.nanos = nanos;
    this.candidates = new Candidates(settings.folder(), settings.maxFiles());
    this.times = new SourceTimes(settings.folder(), clock);
  }

  /**
   * Looks once.
   *
   * @param goesOn asked before each file
   * @return files that are not whole yet
   * @throws IOException if the folder cannot be read or a file not be put away
   * @throws java.io.UncheckedIOException if the site cannot store; the file stays
   */
  int look(BooleanSupplier goesOn) throws IOException {
    Map<Candidates.Seen, String> still = new HashMap<>();
    List<Candidates.Seen> unchanged = candidates.unchanged(nanos.getAsLong());
    tally.found(candidates.size());
    for (Candidates.Seen seen : unchanged) {
      if (!goesOn.getAsBoolean()) {
        break;
      }
      String known = problems.get(seen);
      Optional<String> problem = known == null ? handle(seen) : Optional.of(known);
      if (problem.isEmpty()) {
        continue;
      }
      if (nanos.getAsLong() - seen.since() >= settings.settle().toNanos()) {
        refuse(seen.file(), problem.get());
      } else {
        still.put(seen, problem.get());
      }
    }
    problems = still;
    return still.size();
  }

  /** Stores a file; what keeps it from being an image otherwise. */
  private Optional<String> handle(Candidates.Seen seen) throws IOException {
    if (stored.contains(seen)) {
      putAway(seen);
      return Optional.empty();
    }
    String serial = serial(seen.file());
    if (serial.isBlank()
        || serial.length() > LONGEST_SERIAL
        || serial.chars().anyMatch(Character::isISOControl)) {
      return Optional.of(
          "has a name that is no serial; use 1 to " + LONGEST_SERIAL + " characters");
    }
    EncodedImage image;
    try (InputStream in = Files.newInputStream(seen.file(), LinkOption.NOFOLLOW_LINKS)) {
      if (seen.size() > settings.maxBytes()) {
        return Optional.of(
            "has " + seen.size() + " bytes, allowed are at most " + settings.maxBytes());
      }
      image = new EncodedImage(in.readNBytes(settings.maxBytes() + 1));
    } catch (NoSuchFileException gone) {
      return Optional.empty();
    }
    Optional<String> problem = inspection.problem(image, settings.maxBytes(), settings.maxPixels());
    if (problem.isEmpty()) {
      store(serial, image);
      stored.add(seen);
      putAway(seen);
    }
    return problem;
  }

  private static String serial(Path file) {
    String name = file.getFileName().toString();
    return name.substring(0, name.lastIndexOf('.')).strip();
  }

  private void store(String serial, EncodedImage image) throws IOException {
    Instant time = times.next();
    samples.accept(
        settings.name(),
        List.of(
            new Sample(settings.serial(), new Text(serial), 0, time),
            new Sample(settings.signal(), new SampleValue.Image(image), 0, time),
            new Sample(settings.serial(), new Text(""), 0, SourceTimes.end(time))));
    tally.took(serial, time);
  }

  private void putAway(Candidates.Seen seen) throws IOException {
    if (settings.moves()) {
      move(seen.file(), TAKEN);
    } else {
      Files.deleteIfExists(seen.file());
    }
    stored.remove(seen);
  }

  private void refuse(Path file, String problem) throws IOException {
    tally.refused(problem);
    LOG.warn(
        "signal-folder {}: {} {}; it is not stored and lies in {} now",
        settings.name(),
        file.getFileName(),
        problem,
        REFUSED);
    move(file, REFUSED);
  }

  private void move(Path file, String folder) throws IOException {
    Path into = Files.createDirectories(settings.folder().resolve(folder));
    Files.move(file, into.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
  }
}
