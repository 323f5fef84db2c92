// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.folder.internal;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.fedwerk.api.Refusal;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.signal.ImageInspection;

/** Reads and checks one configuration; every refusal names the key and what is allowed. */
public final class SettingsReader {
  static final String PID = "org.fedwerk.signal.folder";

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,59}");
  private static final Pattern FOREIGN =
      Pattern.compile("(service|component|felix|org\\.apache|osgi)\\..*|.*\\.target");
  private static final Set<String> KNOWN =
      Set.of(
          "name",
          "folder",
          "signal",
          "serial",
          "every",
          "settle",
          "image.max-bytes",
          "image.max-pixels",
          "files.max",
          "after");

  private final List<Refusal> refusals = new ArrayList<>();
  private final Map<String, ?> keys;

  private SettingsReader(Map<String, ?> keys) {
    this.keys = keys;
  }

  /**
   * Reads a configuration.
   *
   * @param keys all of its keys, as they were written
   * @throws RefusedException with every refusal
   */
  public static FolderSettings read(Map<String, ?> keys) throws RefusedException {
    SettingsReader reader = new SettingsReader(keys);
    FolderSettings settings = reader.settings();
    if (!reader.refusals.isEmpty()) {
      throw new RefusedException(reader.refusals);
    }
    return settings;
  }

  private FolderSettings settings() {
    for (String key : new TreeSet<>(keys.keySet())) {
      if (!KNOWN.contains(key) && !FOREIGN.matcher(key).matches()) {
        refuse(key, "is not a known key; known are " + String.join(", ", new TreeSet<>(KNOWN)));
      }
    }
    String signal = name("signal", "camera");
    String serial = name("serial", "serial");
    if (signal.equals(serial)) {
      refuse("serial", "is the name of the signal of images too; give it another one");
    }
    return new FolderSettings(
        name("name", named()),
        folder(),
        signal,
        serial,
        Duration.ofMillis(number("every", FolderConfig.EVERY, 100, 3_600_000)),
        Duration.ofSeconds(number("settle", FolderConfig.SETTLE, 1, 86_400)),
        (int) number("image.max-bytes", FolderConfig.BYTES, 1, ImageInspection.MOST_BYTES),
        (int) number("image.max-pixels", FolderConfig.PIXELS, 1, ImageInspection.MOST_PIXELS),
        (int) number("files.max", FolderConfig.FILES, 1, 1_000_000),
        moves());
  }

  /** What follows the PID in the file's name or, after a tilde, in the instance's own PID. */
  private String named() {
    String file = text("felix.fileinstall.filename");
    String own = text("service.pid");
    int at = file.lastIndexOf(PID);
    if (at >= 0 && file.length() > at + PID.length()) {
      return file.substring(at + PID.length() + 1).replaceFirst("\\.(cfg|config)$", "");
    }
    return own.startsWith(PID + "~") ? own.substring(PID.length() + 1) : "";
  }

  private String text(String key) {
    Object value = keys.get(key);
    return value == null ? "" : String.valueOf(value).strip();
  }

  private String name(String key, String otherwise) {
    String name = text(key).isEmpty() ? otherwise : text(key);
    if (!NAME.matcher(name).matches()) {
      refuse(
          key,
          "\"" + name + "\" is not allowed; 1 to 60 letters, digits, dots, dashes, underscores");
    }
    return name;
  }

  private Path folder() {
    String folder = text("folder");
    if (folder.isEmpty()) {
      refuse("folder", "is missing; give the folder where the images come");
      return Path.of("");
    }
    try {
      return Path.of(folder).toAbsolutePath();
    } catch (InvalidPathException noPath) {
      refuse("folder", "\"" + folder + "\" is no path: " + noPath.getReason());
      return Path.of("");
    }
  }

  private long number(String key, long otherwise, long least, long most) {
    String text = text(key);
    if (text.isEmpty()) {
      return otherwise;
    }
    long value;
    try {
      value = Long.parseLong(text);
    } catch (NumberFormatException noNumber) {
      value = least - 1;
    }
    if (value < least || value > most) {
      refuse(
          key,
          "\"" + text + "\" is not allowed; allowed are whole numbers " + least + " to " + most);
      return otherwise;
    }
    return value;
  }

  private boolean moves() {
    String after = text("after");
    if (!after.isEmpty() && !after.equals("move") && !after.equals("delete")) {
      refuse("after", "\"" + after + "\" is not allowed; move or delete");
    }
    return !after.equals("delete");
  }

  private void refuse(String key, String what) {
    refusals.add(new Refusal(PID + ": " + key, 0, what));
  }
}
