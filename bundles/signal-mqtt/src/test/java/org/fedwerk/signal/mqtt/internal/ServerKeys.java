// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.mqtt.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A key with a self-signed certificate for 127.0.0.1, made with the JDK's keytool. */
record ServerKeys(Path store, Path pem) {
  static final String PASSWORD = "only for tests";

  static ServerKeys make(Path folder, String name) throws IOException, InterruptedException {
    Path store = folder.resolve(name + ".p12");
    Path pem = folder.resolve(name + ".pem");
    keytool(
        folder,
        "-genkeypair -keyalg EC -groupname secp256r1 -validity 30 -ext san=ip:127.0.0.1"
            + " -storetype PKCS12 -alias key -dname CN="
            + name,
        store);
    Files.writeString(pem, certificate(store));
    return new ServerKeys(store, pem);
  }

  /** In PEM; a second run of keytool would take a second. */
  private static String certificate(Path store) throws IOException {
    try {
      KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
      String lines =
          Base64.getMimeEncoder(64, new byte[] {'\n'})
              .encodeToString(keys.getCertificate("key").getEncoded());
      return "-----BEGIN CERTIFICATE-----\n" + lines + "\n-----END CERTIFICATE-----\n";
    } catch (GeneralSecurityException unreadable) {
      throw new IOException(store + " has no certificate", unreadable);
    }
  }

  private static void keytool(Path folder, String arguments, Path store)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments.split(" ")));
    command.addAll(List.of("-keystore", store.toString(), "-storepass", PASSWORD));
    Path out = folder.resolve("keytool.out");
    Process keytool =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
    if (keytool.waitFor() != 0) {
      throw new IOException("keytool failed: " + Files.readString(out));
    }
  }
}
