// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.prototype;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.fedwerk.api.Refusal;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.data.Schema;
import org.fedwerk.plant.process.ReplayManifest;
import org.fedwerk.plant.process.ReplayProcess;
import org.fedwerk.sim.baseline.SiteExamples;
import org.fedwerk.sim.internal.ExampleCollector;
import org.fedwerk.sim.internal.ProcessFeed;

/** The sites' examples as their own windows make them of recordings, one site after the other. */
final class Recordings {
  /** A text takes about this many bytes of heap for each of its own while it is read. */
  private static final int READING = 4;

  /** Examples are there three times: as such, as a model's inputs, and pooled. */
  private static final int COPIES = 3;

  private final ReplayManifest manifest;
  private final Schema schema;
  private final Path scratch;
  private final long heap;

  /**
   * Reads for a schema.
   *
   * @param scratch a folder for what the windows store
   * @param heap bytes that may be taken
   */
  Recordings(ReplayManifest manifest, Schema schema, Path scratch, long heap) {
    this.manifest = manifest;
    this.schema = schema;
    this.scratch = scratch;
    this.heap = heap;
  }

  /** All sites in the manifest's order. */
  List<SiteExamples> read() throws RefusedException, IOException, InterruptedException {
    Map<String, String> codes = codes();
    List<SiteExamples> sites = new ArrayList<>();
    long bytes = 0;
    for (ReplayManifest.Site site : manifest.sites()) {
      checkSize(site);
      List<Example> examples = examples(site.name(), codes);
      for (Example each : examples) {
        bytes += (long) COPIES * Float.BYTES * size(each);
      }
      if (bytes > heap) {
        throw tooLarge("the examples up to site " + site.name(), bytes);
      }
      sites.add(new SiteExamples(site.name(), examples));
    }
    return sites;
  }

  private static long size(Example example) {
    return example.tensors().values().stream().mapToLong(tensor -> tensor.values().length).sum();
  }

  private Map<String, String> codes() throws RefusedException {
    List<String> codes = manifest.label().codes();
    List<String> classes = schema.label().classes();
    if (codes.size() != classes.size()) {
      throw new RefusedException(
          "manifest label.codes",
          "are "
              + codes
              + ", the task's schema.label.classes "
              + classes
              + "; they must be as many, in the same order");
    }
    Map<String, String> table = new LinkedHashMap<>();
    for (int k = 0; k < codes.size(); k++) {
      table.put(codes.get(k), classes.get(k));
    }
    return table;
  }

  private List<Example> examples(String site, Map<String, String> codes)
      throws RefusedException, IOException, InterruptedException {
    ReplayProcess process = new ReplayProcess(manifest, site);
    try (ExampleCollector collector = new ExampleCollector(scratch.resolve("window-" + site))) {
      collector.collect(new ProcessFeed(process, codes), process.parts());
      List<Refusal> mismatches = collector.window().mismatches(schema);
      if (!mismatches.isEmpty()) {
        throw new RefusedException(mismatches);
      }
      return collector.examples(schema);
    }
  }

  /** Before a file is read as a whole. */
  private void checkSize(ReplayManifest.Site site) throws RefusedException {
    long bytes = 0;
    for (Path file : site.data()) {
      bytes += READING * length(file, heap / READING);
      if (bytes > heap) {
        throw tooLarge(file.getFileName() + " of site " + site.name(), bytes);
      }
    }
  }

  private static long length(Path file, long most) throws RefusedException {
    try (InputStream raw = Files.newInputStream(file)) {
      if (!file.toString().endsWith(".gz")) {
        return Files.size(file);
      }
      try (InputStream unpacked = new GZIPInputStream(raw, 1 << 16)) {
        long length = 0;
        while (length <= most) {
          long skipped = unpacked.skip(1 << 16);
          if (skipped == 0) {
            break;
          }
          length += skipped;
        }
        return length;
      }
    } catch (IOException unreadable) {
      throw new RefusedException(
          file.toString(), "cannot be read (" + unreadable.getClass().getSimpleName() + ")");
    }
  }

  private RefusedException tooLarge(String what, long bytes) {
    return new RefusedException(
        manifest.name(),
        what
            + " would take "
            + (bytes >> 20)
            + " MiB of memory or more, allowed are "
            + (heap >> 20)
            + "; take fewer parts, or start the process with a larger heap");
  }
}
