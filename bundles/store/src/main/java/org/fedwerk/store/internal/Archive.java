// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.store.internal;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.fedwerk.api.RefusedException;

/**
 * A backup: a ZIP file with the store's files as they are, and last the entry {@code MANIFEST}: a
 * line with the format's version, then SHA-256 and name of each file.
 */
final class Archive {
  private static final String MANIFEST = "MANIFEST";
  private static final String FORMAT = "fedwerk-backup ";
  private static final int VERSION = 1;
  private static final List<String> AREAS = List.of("journals", "parts", "blobs");
  private static final Pattern NAME =
      Pattern.compile("(journals|parts|blobs)(/[A-Za-z0-9-][A-Za-z0-9.-]*)+|epoch");

  private Archive() {}

  /** What was written or read. */
  record Content(int files, long bytes) {}

  /** Writes the files of a store that nobody writes to meanwhile. */
  static Content write(Path folder, Path file) throws IOException {
    Map<String, String> hashes = new TreeMap<>();
    long bytes = 0;
    try (ZipOutputStream zip =
        new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
      for (Path each : files(folder)) {
        String name = folder.relativize(each).toString().replace('\\', '/');
        zip.putNextEntry(new ZipEntry(name));
        MessageDigest hash = sha256();
        bytes += Files.copy(each, new DigestOutputStream(zip, hash));
        zip.closeEntry();
        hashes.put(name, HexFormat.of().formatHex(hash.digest()));
      }
      StringBuilder manifest = new StringBuilder(FORMAT + VERSION + "\n");
      hashes.forEach((name, hash) -> manifest.append(hash).append("  ").append(name).append('\n'));
      zip.putNextEntry(new ZipEntry(MANIFEST));
      zip.write(manifest.toString().getBytes(StandardCharsets.US_ASCII));
      zip.closeEntry();
    }
    return new Content(hashes.size(), bytes);
  }

  private static List<Path> files(Path folder) throws IOException {
    List<Path> all = new ArrayList<>();
    if (Files.exists(folder.resolve(EpochFile.NAME))) {
      all.add(folder.resolve(EpochFile.NAME));
    }
    for (String area : AREAS) {
      if (Files.isDirectory(folder.resolve(area))) {
        try (Stream<Path> files = Files.walk(folder.resolve(area))) {
          files
              .filter(Files::isRegularFile)
              .filter(each -> NAME.matcher(name(folder, each)).matches())
              .filter(each -> !name(folder, each).startsWith("blobs/tmp/"))
              .sorted()
              .forEach(all::add);
        }
      }
    }
    return all;
  }

  private static String name(Path folder, Path file) {
    return folder.relativize(file).toString().replace('\\', '/');
  }

  /**
   * Unpacks a backup into an empty folder.
   *
   * @throws RefusedException if it is not whole
   */
  static Content unpack(Path file, Path into) throws IOException, RefusedException {
    long bytes = 0;
    try (ZipFile zip = new ZipFile(file.toFile())) {
      Map<String, String> hashes = manifest(file, zip);
      for (Map.Entry<String, String> each : hashes.entrySet()) {
        ZipEntry entry = zip.getEntry(each.getKey());
        if (entry == null || !NAME.matcher(each.getKey()).matches()) {
          throw refused(file, "it lacks " + each.getKey());
        }
        Path target = into.resolve(each.getKey());
        Files.createDirectories(target.resolveSibling(""));
        MessageDigest hash = sha256();
        try (InputStream in = zip.getInputStream(entry);
            DigestOutputStream out = new DigestOutputStream(Files.newOutputStream(target), hash)) {
          bytes += in.transferTo(out);
        }
        if (!HexFormat.of().formatHex(hash.digest()).equals(each.getValue())) {
          throw refused(file, each.getKey() + " fails its hash");
        }
      }
      return new Content(hashes.size(), bytes);
    } catch (java.util.zip.ZipException noZip) {
      throw refused(file, String.valueOf(noZip.getMessage()));
    }
  }

  private static Map<String, String> manifest(Path file, ZipFile zip)
      throws IOException, RefusedException {
    ZipEntry entry = zip.getEntry(MANIFEST);
    if (entry == null) {
      throw refused(file, "it has no manifest");
    }
    List<String> lines =
        new String(zip.getInputStream(entry).readAllBytes(), StandardCharsets.US_ASCII)
            .lines()
            .toList();
    if (lines.isEmpty() || !lines.get(0).matches(FORMAT + "\\d{1,9}")) {
      throw refused(file, "its manifest is another one's");
    }
    int version = Integer.parseInt(lines.get(0).substring(FORMAT.length()));
    if (version > VERSION) {
      throw refused(
          file, "it has format version " + version + ", this release reads up to " + VERSION);
    }
    Map<String, String> hashes = new TreeMap<>();
    for (String line : lines.subList(1, lines.size())) {
      if (!line.matches("[0-9a-f]{64}  .+")) {
        throw refused(file, "its manifest is damaged");
      }
      hashes.put(line.substring(66), line.substring(0, 64));
    }
    return hashes;
  }

  static RefusedException refused(Path file, String why) {
    return new RefusedException(
        "file", file + " is no whole backup of this release: " + why + "; use another one");
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
