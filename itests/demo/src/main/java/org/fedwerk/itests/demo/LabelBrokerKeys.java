// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A TLS key and certificate for the plants' label broker, made with the JDK's keytool: nothing of
 * the federation.
 */
final class LabelBrokerKeys {
  private LabelBrokerKeys() {}

  /** Makes labels.p12 and labels.pem in a folder. */
  static void make(Path folder, String password) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    Path store = folder.resolve("labels.p12");
    Files.deleteIfExists(store); // of an earlier run, which had another password
    keytool(
        folder,
        List.of(
            "-genkeypair",
            "-alias",
            "labels",
            "-keyalg",
            "EC",
            "-groupname",
            "secp256r1",
            "-validity",
            "30",
            "-dname",
            "CN=Plant labels",
            "-ext",
            "san=ip:127.0.0.1,dns:localhost",
            "-storetype",
            "PKCS12",
            "-keystore",
            store.toString(),
            "-storepass:env",
            "LABELS_PASSWORD"),
        password);
    keytool(
        folder,
        List.of(
            "-exportcert",
            "-rfc",
            "-alias",
            "labels",
            "-keystore",
            store.toString(),
            "-file",
            folder.resolve("labels.pem").toString(),
            "-storepass:env",
            "LABELS_PASSWORD"),
        password);
  }

  private static void keytool(Path folder, List<String> arguments, String password)
      throws IOException, InterruptedException {
    List<String> command = new java.util.ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("LABELS_PASSWORD", password);
    builder.redirectOutput(folder.resolve("keytool.out").toFile());
    if (builder.start().waitFor() != 0) {
      throw new IOException("keytool failed: " + Files.readString(folder.resolve("keytool.out")));
    }
  }
}
