// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.identity.Enrolment;
import org.fedwerk.api.identity.FederationAuthority;

/** Enrolment by two files that a person carries. */
final class EnrolFiles {
  private static final int LARGEST = 64 * 1024;
  private static final String ANSWER = ".answer";

  private EnrolFiles() {}

  static Path request(Enrolment site, String token, String file) throws RefusedException {
    Path target = Path.of(file);
    // Before a key is made: an existing file is nobody's request.
    if (Files.exists(target)) {
      throw new RefusedException("--request", target + " exists already; name another file");
    }
    return written("--request", target, site.request(token));
  }

  static Path answer(FederationAuthority authority, String file) throws RefusedException {
    Path target = Path.of(file + ANSWER);
    return written("--answer", target, authority.answer(read("--answer", file)));
  }

  static void accept(Enrolment site, String file) throws RefusedException {
    site.accept(read("--accept", file));
  }

  private static byte[] read(String option, String file) throws RefusedException {
    Path source = Path.of(file);
    try {
      if (Files.size(source) > LARGEST) {
        throw new RefusedException(option, source + " is too large for what it should be");
      }
      return Files.readAllBytes(source);
    } catch (IOException unreadable) {
      throw new RefusedException(option, source + " cannot be read: " + unreadable);
    }
  }

  /** Readable by its owner only: a request holds the token's secret. */
  private static Path written(String option, Path target, byte[] bytes) throws RefusedException {
    try {
      Files.deleteIfExists(target);
      if (target.getFileSystem().supportedFileAttributeViews().contains("posix")) {
        Files.createFile(
            target,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      }
      Files.write(target, bytes, StandardOpenOption.CREATE);
      return target;
    } catch (IOException unwritable) {
      throw new RefusedException(option, target + " cannot be written: " + unwritable);
    }
  }
}
