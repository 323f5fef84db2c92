// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.identity.internal;

import java.nio.file.Path;
import org.osgi.framework.BundleContext;

/** Where configuration says that files go. */
final class DataFolder {
  /** Default of both sides: they never run in one process. */
  static final String DEFAULT = "${karaf.data}/fedwerk/identity";

  private static final String KARAF_DATA = "karaf.data";

  private DataFolder() {}

  /** Resolves a configured folder; outside Karaf the bundle's own storage is its data. */
  static Path of(String configured, BundleContext context) {
    String data = context.getProperty(KARAF_DATA);
    if (data == null) {
      data = context.getDataFile("").getPath();
    }
    return Path.of(configured.replace("${" + KARAF_DATA + "}", data));
  }
}
