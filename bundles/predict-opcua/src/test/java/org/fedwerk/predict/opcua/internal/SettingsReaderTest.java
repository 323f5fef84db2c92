// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.predict.opcua.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.eclipse.milo.opcua.stack.core.security.SecurityPolicy;
import org.fedwerk.api.RefusedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsReaderTest {
  @TempDir Path folder;

  /** The annotation with its defaults, and some keys set. */
  private static PredictOpcUaConfig config(Map<String, Object> keys) {
    return (PredictOpcUaConfig)
        Proxy.newProxyInstance(
            PredictOpcUaConfig.class.getClassLoader(),
            new Class<?>[] {PredictOpcUaConfig.class},
            (proxy, method, arguments) ->
                keys.getOrDefault(method.getName(), method.getDefaultValue()));
  }

  private ServerSettings read(Map<String, Object> keys) throws RefusedException {
    return SettingsReader.read(config(keys), folder, Map.of("SCADA_PASSWORD", "from outside"));
  }

  private String refusal(Map<String, Object> keys) {
    return assertThrows(RefusedException.class, () -> read(keys)).getMessage();
  }

  @Test
  void defaultsAreEncryptedOnLoopbackAndClosed() throws Exception {
    ServerSettings settings = read(Map.of());

    assertEquals("127.0.0.1", settings.host());
    assertEquals("127.0.0.1", settings.advertisedHost());
    assertEquals(4841, settings.port());
    assertEquals(Set.of(SecurityPolicy.Basic256Sha256), settings.policies());
    assertFalse(settings.trustAllClients());
    assertFalse(settings.admitsAnybody());
    assertEquals(folder.resolve("fedwerk/predict-opcua"), settings.folder());
  }

  @Test
  void aPasswordComesFromTheKeyAVariableOrAFile() throws Exception {
    Path file = Files.writeString(folder.resolve("password"), "in a file\nsecond line\n");

    assertTrue(read(Map.of("user", "u", "_password", "p")).login().admits("u", "p"));
    assertTrue(
        read(Map.of("user", "u", "password_env", "SCADA_PASSWORD"))
            .login()
            .admits("u", "from outside"));
    assertTrue(
        read(Map.of("user", "u", "password_file", file.toString()))
            .login()
            .admits("u", "in a file"));
  }

  @Test
  void noneNeedsAnExplicitYes() throws Exception {
    assertTrue(refusal(Map.of("security_policies", "None")).contains("allow.none = true"));
    assertEquals(
        Set.of(SecurityPolicy.None, SecurityPolicy.Aes256_Sha256_RsaPss),
        read(Map.of("security_policies", "None, Aes256Sha256RsaPss", "allow_none", true))
            .policies());
  }

  @Test
  void everyRefusalNamesPidKeyAndValueAndNoSecret() {
    String refusals =
        refusal(
            Map.of(
                "port",
                70000,
                "security_policies",
                "Basic128Rsa15",
                "_password",
                "top secret",
                "sessions_max",
                0));

    assertTrue(refusals.contains("org.fedwerk.predict.opcua: port: \"70000\""), refusals);
    assertTrue(refusals.contains("security.policies: \"Basic128Rsa15\""), refusals);
    assertTrue(refusals.contains("a user needs .password"), refusals);
    assertTrue(refusals.contains("sessions.max: \"0\""), refusals);
    assertFalse(refusals.contains("top secret"), refusals);
  }

  @Test
  void aVariableThatIsNotSetAndAFileThatIsNotThereAreRefused() {
    assertTrue(refusal(Map.of("user", "u", "password_env", "NOWHERE")).contains("\"NOWHERE\""));
    assertTrue(
        refusal(Map.of("user", "u", "password_file", folder.resolve("none").toString()))
            .contains("cannot be read"));
    assertTrue(
        refusal(Map.of("user", "u", "_password", "a", "password_env", "SCADA_PASSWORD"))
            .contains("only one of"));
  }

  @Test
  void aLoginShowsNoPassword() {
    assertFalse(new Login("u", "hidden").toString().contains("hidden"));
  }
}
