// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.data.ExampleSource;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.message.ReplyKey;
import org.fedwerk.api.site.ExampleExport;
import org.fedwerk.api.site.SiteAgent.UsedExample;
import org.fedwerk.site.internal.ManifestBook.UseManifest;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands a task's examples to the site's own people. */
@Component
public final class SiteExport implements ExampleExport {
  private static final Logger log = LoggerFactory.getLogger(SiteExport.class);
  private static final String EXPORT = "export";

  /** A phase's key needs a site; this reading is of no round's. */
  private static final String HERE = "";

  private final Site site;
  private final ExampleSource examples;

  /** Wired by Declarative Services. */
  @Activate
  public SiteExport(@Reference Site site, @Reference ExampleSource examples) {
    this.site = site;
    this.examples = examples;
  }

  @Override
  public Exported export(String task, Path file, String by) throws RefusedException {
    KnownTask known = site.state().tasks().named(task);
    String name = known.task().name();
    Schema schema = known.task().schema();
    if (schema.image() != null) {
      throw new RefusedException(
          "task", name + " learns from images, which are files already; take them from there");
    }
    List<Example> all = examples.examples(schema);
    if (all.isEmpty()) {
      throw new RefusedException("task", name + " has no example at this site yet");
    }
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try {
      if (Files.exists(file)) {
        throw new FileAlreadyExistsException(file.toString());
      }
      ExampleCsv.write(part, schema, all);
      record(known, all);
      Files.move(part, file);
    } catch (FileAlreadyExistsException there) {
      throw new RefusedException(
          "file", there.getFile() + " is there already; name another file, or take it away");
    } catch (IOException broken) {
      throw new RefusedException("file", file + " cannot be written: " + broken);
    }
    log.info("{} examples of task {} were written to {} for {}", all.size(), name, file, by);
    return new Exported(name, file, all.size(), schema.inputSize());
  }

  private void record(KnownTask known, List<Example> read) {
    int round = site.state().positions().of(known.digest()).round();
    site.state()
        .manifests()
        .add(
            new UseManifest(
                new ReplyKey(known.digest(), round, 0, 0, HERE),
                EXPORT,
                known.digest(),
                0,
                EXPORT,
                read.stream()
                    .map(each -> new UsedExample(each.serial(), each.labelRevision(), each.role()))
                    .toList()));
  }
}
