// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.lib.djl.pytorch.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Loads native libraries for DJL, also after a refresh of this bundle.
 *
 * <p>A JVM ties a library file to the class loader that loaded it first. After a refresh that is
 * the loader of the former revision. libtorch itself needs no tie: it is in the process and linked
 * to already. The thin library between Java and libtorch does, so a private copy of it is loaded.
 */
public final class NativeLibraries {

  private static final String TIED = "already loaded in another classloader";
  private static final String JNI_LIBRARY = System.mapLibraryName("djl_torch");

  private NativeLibraries() {}

  /** Called by DJL, by name (system property {@code ai.djl.pytorch.native_helper}). */
  public static void load(String file) {
    try {
      System.load(file);
    } catch (UnsatisfiedLinkError e) {
      if (e.getMessage() == null || !e.getMessage().contains(TIED)) {
        throw e;
      }
      if (file.endsWith(JNI_LIBRARY)) {
        System.load(privateCopy(Path.of(file)).toString());
      }
    }
  }

  private static Path privateCopy(Path library) {
    try {
      Path copy = Files.createTempFile("fedwerk-", "-" + JNI_LIBRARY);
      copy.toFile().deleteOnExit();
      return Files.copy(library, copy, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot copy " + library + " to the temporary folder; check its space and rights", e);
    }
  }
}
