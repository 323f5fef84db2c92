// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.StringJoiner;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.data.LabelSpec;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.data.SignalSpec;

/** Examples of signals as CSV by RFC 4180, in UTF-8. */
final class ExampleCsv {
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private ExampleCsv() {}

  /**
   * Writes a file that only its owner may read.
   *
   * @throws java.nio.file.FileAlreadyExistsException if it is there
   */
  static void write(Path file, Schema schema, List<Example> examples) throws IOException {
    try (BufferedWriter out =
        new BufferedWriter(
            Channels.newWriter(
                Files.newByteChannel(
                    file,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    OWNER_ONLY),
                StandardCharsets.UTF_8))) {
      out.write(line(columns(schema)));
      for (Example example : examples) {
        out.write(line(row(schema.label(), example)));
      }
    }
  }

  private static List<String> columns(Schema schema) {
    List<String> columns = new ArrayList<>(List.of("serial", "role", "label", "label revision"));
    int each = schema.inputShape()[1];
    for (SignalSpec signal : schema.signals()) {
      for (int k = 1; k <= each; k++) {
        columns.add(signal.name() + "." + k);
      }
    }
    return columns;
  }

  private static List<String> row(LabelSpec label, Example example) {
    List<String> row = new ArrayList<>();
    row.add(example.serial());
    row.add(example.role().name().toLowerCase(Locale.ROOT));
    row.add(label(label, example));
    row.add(Integer.toString(example.labelRevision()));
    for (float value : example.window().values()) {
      row.add(Float.isNaN(value) ? "" : Float.toString(value));
    }
    return row;
  }

  /** As the schema names it; nothing without a label. */
  private static String label(LabelSpec label, Example example) {
    if (example.labelRevision() == 0) {
      return "";
    }
    return switch (label.target().kind()) {
      case CLASS -> label.classes().get(example.classIndex());
      case ANOMALY -> example.classIndex() == Example.DEFECT ? "defect" : "normal";
      case VALUE -> Float.toString(example.target().values()[0]);
      case CLASSES -> several(label.classes(), example.target().values());
    };
  }

  private static String several(List<String> classes, float[] told) {
    StringJoiner names = new StringJoiner(" ");
    for (int k = 0; k < told.length; k++) {
      if (told[k] > 0) {
        names.add(classes.get(k));
      }
    }
    return names.toString();
  }

  private static String line(List<String> fields) {
    StringJoiner line = new StringJoiner(",", "", "\r\n");
    for (String field : fields) {
      boolean plain = field.chars().noneMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
      line.add(plain ? field : '"' + field.replace("\"", "\"\"") + '"');
    }
    return line.toString();
  }
}
