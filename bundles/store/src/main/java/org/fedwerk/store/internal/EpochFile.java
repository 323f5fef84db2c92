// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.store.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The epoch of a state that was restored once, in the file {@code epoch}: a line with the format's
 * version, a line with the number and whether its owner has asked others since.
 *
 * @param epoch from 1
 * @param restored true until the owner is settled
 */
record EpochFile(long epoch, boolean restored) {
  static final String NAME = "epoch";
  private static final int VERSION = 1;
  private static final Pattern CONTENT =
      Pattern.compile(
          "fedwerk-epoch (\\d{1,9})\\n(\\d{1,18}) (restored|settled)\\n.*", Pattern.DOTALL);

  /** Reads the file of a folder; where there is none the state was never restored. */
  static EpochFile read(Path folder) throws IOException {
    Path file = folder.resolve(NAME);
    try {
      Matcher content = CONTENT.matcher(Files.readString(file, StandardCharsets.US_ASCII));
      if (!content.matches()) {
        throw StateFiles.damaged(file, 0, "this is no epoch file of Fedwerk");
      }
      int version = Integer.parseInt(content.group(1));
      if (version > VERSION) {
        throw StateFiles.newer(file, version, VERSION);
      }
      return new EpochFile(Long.parseLong(content.group(2)), content.group(3).equals("restored"));
    } catch (NoSuchFileException never) {
      return new EpochFile(1, false);
    }
  }

  /** Writes the file, whole or not at all. */
  void write(Path folder) throws IOException {
    String content =
        "fedwerk-epoch "
            + VERSION
            + "\n"
            + epoch
            + " "
            + (restored ? "restored" : "settled")
            + "\n";
    Path anew = folder.resolve(NAME + ".anew");
    Files.writeString(anew, content, StandardCharsets.US_ASCII);
    Files.move(
        anew,
        folder.resolve(NAME),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    StateFiles.forceNames(folder);
  }
}
