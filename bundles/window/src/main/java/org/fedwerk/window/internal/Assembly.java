// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.window.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiPredicate;
import org.fedwerk.api.data.EncodedImage;
import org.fedwerk.api.data.Part;
import org.fedwerk.api.data.PartData;
import org.fedwerk.api.data.Series;
import org.fedwerk.api.signal.Sample;
import org.fedwerk.api.signal.SampleValue;
import org.jspecify.annotations.Nullable;

/**
 * Samples in, parts out: a state machine without files, threads or a clock of its own. A sample
 * belongs to a part by its source time, so signals may come interleaved in any way. One thread.
 */
final class Assembly {
  private static final int PRUNE_AT = 20_000;

  private final String partSignal;
  private final long settle;
  private final long stall;
  private final int maxSamples;
  private final BiPredicate<String, Long> storedBefore;
  private final Map<String, Track> tracks = new HashMap<>();
  private final Marks marks = new Marks();
  private final Map<String, Long> newestBySource = new HashMap<>();
  private final Map<String, Long> heardFrom = new HashMap<>();
  private final Set<String> down = new HashSet<>();
  private Map<String, Set<String>> configured = Map.of();
  private long newest = Long.MIN_VALUE;

  /** Before it a track keeps only its newest sample. */
  private long horizon = Long.MIN_VALUE;

  /** End of the newest stored part: what is older need not come from the log again. */
  private long storedThrough = Long.MIN_VALUE;

  private int pruneAt = PRUNE_AT;
  private boolean finishing;
  private final Counts counts = new Counts();
  private final Images images;

  /**
   * @param storedBefore tells if a part of this serial and begin is stored, so that a source that
   *     delivers again is not taken for a clock that was set back
   */
  Assembly(String partSignal, WindowSettings settings, BiPredicate<String, Long> storedBefore) {
    this.partSignal = partSignal;
    this.settle = Nanos.length(settings.settle());
    this.stall = Nanos.length(settings.stall());
    this.maxSamples = settings.maxSamples();
    this.storedBefore = storedBefore;
    this.images = new Images(settings.maxImageBytes());
  }

  /** Goes on after the newest stored part: its last values hold until new ones come. */
  void resume(PartData last) {
    resumeAt(Nanos.near(last.part().end()));
    last.images().keySet().forEach(images::known);
    last.series()
        .forEach(
            (signal, series) -> {
              int end = series.times().length - 1;
              if (end >= 0) {
                track(signal).put(series.times()[end], series.values()[end], 0, horizon);
              }
            });
  }

  /** Goes on after a time through which parts were stored, though none of them is here. */
  void resumeAt(long time) {
    storedThrough = time;
    horizon = time;
    newest = time;
  }

  /** The signals that each known source delivers now; others of that source are not waited for. */
  void configured(Map<String, Set<String>> signalsBySource) {
    configured = signalsBySource;
  }

  /**
   * Takes samples from an index on.
   *
   * @return the index of the sample at which the clock of the part signal went back, which is for a
   *     new assembly; the size if there is none
   */
  int accept(long sequence, String source, List<Sample> samples, int from, long now) {
    heardFrom.put(source, now);
    down.remove(source);
    for (int i = from; i < samples.size(); i++) {
      Sample sample = samples.get(i);
      OptionalLong time = Nanos.of(sample.sourceTime());
      if (time.isEmpty()) {
        counts.missing++;
      } else if (sample.value() instanceof SampleValue.Image picture) {
        pictured(sequence, source, sample, picture.image(), time.getAsLong());
      } else if (images.isKnown(sample.signal())) {
        unpictured(source, sample.signal(), time.getAsLong());
      } else if (!sample.signal().equals(partSignal)) {
        measured(sequence, source, sample, time.getAsLong());
      } else if (!changed(sequence, source, sample, time.getAsLong(), now)) {
        return i;
      }
    }
    skipIdle();
    if (isIdle()) {
      images.forgetBefore(Nanos.minus(newest, settle));
    }
    keepWithinBounds();
    return samples.size();
  }

  private void pictured(
      long sequence, String source, Sample sample, EncodedImage image, long time) {
    // Before its first image a camera may have said that it has none, as a number would be missing.
    tracks.remove(sample.signal());
    if (time < storedThrough) {
      counts.tooLate++;
    } else {
      counts.dropped += images.put(source, sample.signal(), time, image, sequence);
    }
    seen(source, time);
  }

  /** A bad status, or what its source refused as an image. */
  private void unpictured(String source, String signal, long time) {
    counts.missing++;
    images.none(source, signal, time);
    seen(source, time);
  }

  private void measured(long sequence, String source, Sample sample, long time) {
    double value = SampleReader.number(sample);
    if (Double.isNaN(value)) {
      counts.missing++;
    }
    Track track = track(sample.signal());
    track.source = source;
    Track.Taken taken = track.put(time, value, sequence, horizon);
    if (taken == Track.Taken.SORTED_IN) {
      counts.outOfOrder++;
    }
    if (time < storedThrough && taken != Track.Taken.REPLACED) {
      counts.tooLate++;
    }
    seen(source, time);
  }

  /** False if the clock went back. */
  private boolean changed(long sequence, String source, Sample sample, long time, long now) {
    Optional<String> serial = SampleReader.serial(sample);
    if (serial.isEmpty()) {
      counts.missing++;
      return true;
    }
    long reached = marks.isEmpty() ? storedThrough : marks.last().time;
    if (time < Nanos.minus(reached, settle)) {
      boolean again =
          serial.get().equals(Marks.IDLE)
              || marks.seen(time, serial.get())
              || storedBefore.test(serial.get(), time);
      counts.tooLate += again ? 1 : 0;
      return again;
    }
    if (time < storedThrough) {
      counts.tooLate++;
      return true;
    }
    counts.outOfOrder += time < reached ? 1 : 0;
    marks.put(new Marks.Mark(source, time, serial.get(), sequence, now, !down.isEmpty()));
    seen(source, time);
    return true;
  }

  private void seen(String source, long time) {
    newestBySource.merge(source, time, Math::max);
    newest = Math.max(newest, time);
  }

  /** The connection to a source was lost: values of all parts not yet closed may be missing. */
  void interrupted(String source) {
    down.add(source);
    interruptAll();
  }

  /** This process was away: values of all parts not yet closed may be missing. */
  void interruptAll() {
    marks.all().forEach(mark -> mark.interrupted = true);
  }

  /**
   * The oldest part that has ended and has all it will get; it stays until {@link #closed()}.
   *
   * @param ordinal its place in the order of storing
   * @param now monotonic clock, nanoseconds
   */
  Optional<PartData> ended(long ordinal, long now) {
    skipIdle();
    if (marks.size() < 2) {
      return Optional.empty();
    }
    Marks.Mark mark = marks.get(0);
    Marks.Mark next = marks.get(1);
    if (!finishing && !complete(mark.time, next, now)) {
      return Optional.empty();
    }
    Map<String, Series> series = new HashMap<>();
    tracks.forEach(
        (signal, track) -> {
          Series slice = track.slice(mark.time, next.time);
          if (slice.times().length > 0) {
            series.put(signal, slice);
          }
        });
    Part part = new Part(mark.serial, ordinal, Nanos.instant(mark.time), Nanos.instant(next.time));
    return Optional.of(
        new PartData(part, series, mark.interrupted, images.newest(mark.time, next.time)));
  }

  /** The part of {@link #ended} is stored. */
  void closed() {
    marks.removeFirst();
    storedThrough = marks.get(0).time;
    forgetBefore(storedThrough);
  }

  /** Ends every part now, because nothing will come any more. */
  void finish() {
    finishing = true;
    if (!marks.isEmpty() && !marks.last().idle()) {
      long end = Math.max(newest, marks.last().time) + 1;
      interruptAll();
      marks.put(new Marks.Mark(marks.last().source, end, Marks.IDLE, Long.MAX_VALUE, 0, false));
    }
  }

  private boolean complete(long begin, Marks.Mark end, long now) {
    for (Map.Entry<String, Track> entry : tracks.entrySet()) {
      Track track = entry.getValue();
      if (track.newest() < end.time && isWaitedFor(track.source, entry.getKey(), end, now)) {
        return false;
      }
    }
    for (String signal : images.signals()) {
      if (!images.isComplete(signal, begin)
          && isWaitedFor(images.source(signal), signal, end, now)) {
        return false;
      }
    }
    return true;
  }

  private boolean isWaitedFor(@Nullable String source, String signal, Marks.Mark end, long now) {
    return isConfigured(source, signal)
        && newestOf(source) <= Nanos.plus(end.time, settle)
        && now - Math.max(heard(source, end.arrived), end.arrived) < stall;
  }

  private boolean isConfigured(@Nullable String source, String signal) {
    Set<String> signals = source == null ? null : configured.get(source);
    return signals == null || signals.contains(signal);
  }

  private long newestOf(@Nullable String source) {
    return source == null ? newest : newestBySource.getOrDefault(source, Long.MIN_VALUE);
  }

  private long heard(@Nullable String source, long otherwise) {
    return source == null ? otherwise : heardFrom.getOrDefault(source, otherwise);
  }

  /** Serial of the part in the machine; empty if none. */
  String open() {
    return marks.isEmpty() ? Marks.IDLE : marks.last().serial;
  }

  /** Parts that have ended and wait for signals. */
  int waiting() {
    return Math.max(0, marks.size() - 1);
  }

  Counts counts() {
    return counts;
  }

  int retained() {
    return tracks.values().stream().mapToInt(Track::size).sum();
  }

  /** Lowest sequence of the log still needed after a kill; Long.MAX_VALUE if none is. */
  long needed() {
    long needed = images.oldestSequence();
    for (Marks.Mark mark : marks.all()) {
      needed = Math.min(needed, mark.sequence);
    }
    for (Track track : tracks.values()) {
      needed = Math.min(needed, track.oldestSequence(storedThrough));
    }
    return needed;
  }

  /**
   * What pins an old place in the log although little of it counts: the last values of slow signals
   * and the changes of the serial, by source.
   */
  Map<String, List<Sample>> pinned() {
    forgetIdle();
    Map<String, List<Sample>> pinned = new HashMap<>();
    for (Marks.Mark mark : marks.all()) {
      pinned
          .computeIfAbsent(mark.source, s -> new ArrayList<>())
          .add(
              new Sample(
                  partSignal, new SampleValue.Text(mark.serial), 0, Nanos.instant(mark.time)));
    }
    tracks.forEach(
        (signal, track) -> {
          String source = track.source;
          if (source != null && track.holdsBefore(horizon)) {
            pinned
                .computeIfAbsent(source, s -> new ArrayList<>())
                .add(
                    new Sample(
                        signal,
                        new SampleValue.Number(track.firstValue()),
                        0,
                        Nanos.instant(track.firstTime())));
          }
        });
    return pinned;
  }

  /** What {@link #pinned} gave is in the log again, from this sequence on. */
  void moved(long sequence) {
    marks.all().forEach(mark -> mark.sequence = sequence);
    for (Track track : tracks.values()) {
      if (track.source != null && track.holdsBefore(horizon)) {
        track.moveFirst(sequence);
      }
    }
  }

  private void skipIdle() {
    while (marks.size() > 1 && marks.get(0).idle()) {
      marks.removeFirst();
      forgetBefore(marks.get(0).time);
    }
  }

  /** While no part is open, only what a part that begins just now can need is kept. */
  private void forgetIdle() {
    if (isIdle()) {
      forgetBefore(Nanos.minus(newest, settle));
    }
  }

  private boolean isIdle() {
    return marks.isEmpty() || (marks.size() == 1 && marks.get(0).idle());
  }

  private void forgetBefore(long time) {
    if (time > horizon) {
      horizon = time;
      tracks.values().forEach(track -> track.prune(horizon));
      images.forgetBefore(horizon);
    }
  }

  private void keepWithinBounds() {
    int retained = retained();
    if (retained >= pruneAt) {
      forgetIdle();
      retained = retained();
      pruneAt = Math.max(PRUNE_AT, 2 * retained);
    }
    if (retained > maxSamples) {
      tracks.values().forEach(track -> counts.dropped += track.halve());
      interruptAll();
    }
  }

  private Track track(String signal) {
    return tracks.computeIfAbsent(signal, s -> new Track());
  }
}
