// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.plant.process;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.plant.process.ReplayManifest.Site;

/**
 * Recorded parts, one after the other. All of them are read at once, so that a mistake in the files
 * shows before the first value is served; they stay in memory.
 */
public final class ReplayProcess implements PlantProcess {
  private final ReplayManifest manifest;
  private final String site;
  private final List<ProcessPart> parts;

  /**
   * Reads one site's recording.
   *
   * @throws RefusedException with file, line and column of what is wrong
   */
  public ReplayProcess(ReplayManifest manifest, String site) throws RefusedException {
    this.manifest = manifest;
    this.site = site;
    Site files =
        manifest
            .site(site)
            .orElseThrow(
                () ->
                    new RefusedException(
                        manifest.name(),
                        "has no site "
                            + site
                            + "; there are "
                            + manifest.sites().stream().map(Site::name).toList()));
    Map<String, Result> results = results(files.labels());
    this.parts = new Recording(results).read(files.data());
    for (Map.Entry<String, Result> result : results.entrySet()) {
      if (!result.getValue().used) {
        throw new RefusedException(
            files.labels().getFileName().toString(),
            "labels part " + result.getKey() + ", which the data lacks");
      }
    }
  }

  @Override
  public String description() {
    return "replay of " + manifest.name() + ", site " + site;
  }

  @Override
  public List<ProcessSignal> signals() {
    return manifest.signals().stream().map(ReplayManifest.SignalColumn::signal).toList();
  }

  @Override
  public String label() {
    return manifest.label().name();
  }

  @Override
  public List<String> codes() {
    return manifest.label().codes();
  }

  @Override
  public Optional<String> labelUnit() {
    return manifest.label().unit();
  }

  @Override
  public Duration step() {
    return manifest.step();
  }

  @Override
  public long parts() {
    return parts.size();
  }

  @Override
  public Iterator<ProcessPart> iterator() {
    return parts.iterator();
  }

  /** A row of the labels file. */
  private static final class Result {
    final String code;
    final Optional<DataRole> role;
    boolean used;

    Result(String code, Optional<DataRole> role) {
      this.code = code;
      this.role = role;
    }
  }

  private Map<String, Result> results(Path file) throws RefusedException {
    Map<String, Result> results = new LinkedHashMap<>();
    try (CsvFile csv = new CsvFile(file, manifest.delimiter())) {
      int cycle = csv.column(manifest.cycle());
      int code = csv.column(manifest.label().column());
      int role = manifest.role().isPresent() ? csv.column(manifest.role().get()) : -1;
      while (csv.next()) {
        checkLabel(csv, code);
        Optional<DataRole> given = role < 0 ? Optional.empty() : Optional.of(role(csv, role));
        if (results.put(csv.text(cycle), new Result(csv.text(code), given)) != null) {
          throw csv.refusal(cycle, "part " + csv.text(cycle) + " is labelled twice");
        }
      }
    }
    return results;
  }

  private void checkLabel(CsvFile csv, int column) throws RefusedException {
    List<String> codes = manifest.label().codes();
    if (codes.isEmpty()) {
      if (Double.isNaN(csv.number(column))) {
        throw csv.refusal(column, "is no number; leave out the row of a part without a label");
      }
    } else if (!codes.contains(csv.text(column))) {
      throw csv.refusal(column, "\"" + csv.text(column) + "\" is none of the codes " + codes);
    }
  }

  private static DataRole role(CsvFile csv, int column) throws RefusedException {
    for (DataRole role : DataRole.values()) {
      if (role.name().toLowerCase(Locale.ROOT).equals(csv.text(column))) {
        return role;
      }
    }
    throw csv.refusal(column, "\"" + csv.text(column) + "\" is none of train, validation, test");
  }

  /** The data files being read: rows gather until the part's name changes. */
  private final class Recording {
    private final Map<String, Result> results;
    private final Set<String> finished = new HashSet<>();
    private final List<ProcessPart> parts = new ArrayList<>();
    private final List<double[]> rows = new ArrayList<>();
    private final List<Long> offsets = new ArrayList<>();
    private String serial = "";
    private Instant begin = START;

    Recording(Map<String, Result> results) {
      this.results = results;
    }

    List<ProcessPart> read(List<Path> files) throws RefusedException {
      for (Path file : files) {
        try (CsvFile csv = new CsvFile(file, manifest.delimiter())) {
          read(csv);
        }
      }
      finish();
      if (parts.isEmpty()) {
        throw new RefusedException(files.toString(), "there is no part in the data");
      }
      return List.copyOf(parts);
    }

    private void read(CsvFile csv) throws RefusedException {
      int cycle = csv.column(manifest.cycle());
      int time = manifest.time().isPresent() ? csv.column(manifest.time().get()) : -1;
      int[] columns = new int[manifest.signals().size()];
      for (int s = 0; s < columns.length; s++) {
        columns[s] = csv.column(manifest.signals().get(s).column());
      }
      while (csv.next()) {
        if (!csv.text(cycle).equals(serial)) {
          finish();
          serial = csv.text(cycle);
          if (finished.contains(serial)) {
            throw csv.refusal(cycle, "part " + serial + " comes again after others");
          }
        }
        offsets.add(offset(csv, time));
        double[] row = new double[columns.length];
        for (int s = 0; s < columns.length; s++) {
          row[s] = csv.number(columns[s]);
        }
        rows.add(row);
      }
    }

    /** In the middle of its step, so that it lies in the step whichever end counts. */
    private long offset(CsvFile csv, int time) throws RefusedException {
      long half = manifest.step().toNanos() / 2;
      if (time < 0) {
        return rows.size() * manifest.step().toNanos() + half;
      }
      double seconds = csv.number(time);
      if (!(seconds >= 0 && seconds < 1e7)) {
        throw csv.refusal(time, "is no number of seconds since the part's begin");
      }
      long offset = Math.round(seconds * 1e9) + half;
      if (!offsets.isEmpty() && offset <= offsets.get(offsets.size() - 1)) {
        throw csv.refusal(time, "the time does not grow within part " + serial);
      }
      return offset;
    }

    private void finish() {
      if (rows.isEmpty()) {
        return;
      }
      double[][] values = new double[manifest.signals().size()][rows.size()];
      for (int k = 0; k < rows.size(); k++) {
        for (int s = 0; s < values.length; s++) {
          values[s][k] = rows.get(k)[s];
        }
      }
      long last = offsets.get(offsets.size() - 1);
      Duration length = Duration.ofNanos(last + manifest.step().toNanos() / 2);
      Result result = results.get(serial);
      if (result != null) {
        result.used = true;
      }
      parts.add(
          new ProcessPart(
              serial,
              "",
              begin,
              length,
              offsets.stream().mapToLong(Long::longValue).toArray(),
              values,
              Optional.ofNullable(result).map(found -> found.code),
              Optional.ofNullable(result).flatMap(found -> found.role)));
      finished.add(serial);
      begin = begin.plus(length);
      rows.clear();
      offsets.clear();
    }
  }
}
