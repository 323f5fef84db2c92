// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.predict.opcua.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.eclipse.milo.opcua.stack.core.security.SecurityPolicy;
import org.fedwerk.api.Refusal;
import org.fedwerk.api.RefusedException;
import org.jspecify.annotations.Nullable;

/** Reads and checks the configuration; every refusal names the key and what is allowed. */
final class SettingsReader {
  static final String PID = "org.fedwerk.predict.opcua";
  private static final int MOST_PORT = 65_535;
  private static final List<SecurityPolicy> POLICIES =
      List.of(
          SecurityPolicy.Basic256Sha256,
          SecurityPolicy.Aes128_Sha256_RsaOaep,
          SecurityPolicy.Aes256_Sha256_RsaPss,
          SecurityPolicy.None);

  private final List<Refusal> refusals = new ArrayList<>();
  private final Map<String, String> environment;

  private SettingsReader(Map<String, String> environment) {
    this.environment = environment;
  }

  /**
   * Reads a configuration.
   *
   * @param config typed keys
   * @param data what stands for {@code ${karaf.data}} in the folder
   * @param environment environment variables
   * @throws RefusedException with every refusal
   */
  static ServerSettings read(PredictOpcUaConfig config, Path data, Map<String, String> environment)
      throws RefusedException {
    SettingsReader reader = new SettingsReader(environment);
    ServerSettings settings = reader.settings(config, data);
    if (!reader.refusals.isEmpty()) {
      throw new RefusedException(reader.refusals);
    }
    return settings;
  }

  private ServerSettings settings(PredictOpcUaConfig config, Path data) {
    String host = config.host().strip();
    if (host.isEmpty()) {
      refuse("host", host, "give a host name or an IP address of this machine");
    }
    if (config.port() < 0 || config.port() > MOST_PORT) {
      refuse("port", String.valueOf(config.port()), "allowed are 0 (a free one) to " + MOST_PORT);
    }
    String advertised = config.advertised_host().strip();
    String folder = config.folder().strip();
    return new ServerSettings(
        host,
        config.port(),
        advertised.isEmpty() ? host : advertised,
        policies(config),
        login(config),
        config.allow_anonymous(),
        folder.isEmpty()
            ? data.resolve("fedwerk").resolve("predict-opcua")
            : Path.of(folder.replace("${karaf.data}", data.toString())),
        config.trust_all_clients(),
        atLeastOne("sessions.max", config.sessions_max()),
        atLeastOne("items.max", config.items_max()));
  }

  private Set<SecurityPolicy> policies(PredictOpcUaConfig config) {
    Set<SecurityPolicy> policies = new LinkedHashSet<>();
    for (String word : config.security_policies().split(",", -1)) {
      String wanted = bare(word);
      POLICIES.stream()
          .filter(policy -> bare(policy.name()).equals(wanted))
          .findFirst()
          .ifPresentOrElse(
              policies::add,
              () ->
                  refuse(
                      "security.policies",
                      word.strip(),
                      "allowed are Basic256Sha256, Aes128_Sha256_RsaOaep, Aes256_Sha256_RsaPss,"
                          + " None"));
    }
    if (policies.contains(SecurityPolicy.None) && !config.allow_none()) {
      refuse(
          "security.policies", "None", "with it everybody can read along; set allow.none = true");
    }
    return policies;
  }

  private static String bare(String word) {
    return word.replace("_", "").strip().toLowerCase(Locale.ROOT);
  }

  private @Nullable Login login(PredictOpcUaConfig config) {
    List<String> given = new ArrayList<>();
    if (!config._password().isEmpty()) {
      given.add(config._password());
    }
    String variable = config.password_env().strip();
    if (!variable.isEmpty()) {
      String secret = environment.get(variable);
      if (secret == null || secret.isEmpty()) {
        refuse("password.env", variable, "that environment variable is not set; set it");
      }
      given.add(secret == null ? "" : secret);
    }
    String file = config.password_file().strip();
    if (!file.isEmpty()) {
      given.add(firstLine(file));
    }
    String user = config.user().strip();
    if (given.size() > 1) {
      refuse("password", "...", "give only one of .password, password.env, password.file");
    } else if (user.isEmpty() == given.isEmpty()) {
      return given.isEmpty() ? null : new Login(user, given.get(0));
    } else {
      refuse(
          "user",
          user,
          "a user needs .password, password.env or password.file, and a password needs a user");
    }
    return null;
  }

  private String firstLine(String file) {
    try {
      String secret = Files.readString(Path.of(file)).lines().findFirst().orElse("");
      if (secret.isEmpty()) {
        refuse("password.file", file, "its first line is empty; write the password there");
      }
      return secret;
    } catch (IOException unreadable) {
      refuse("password.file", file, "it cannot be read; check its path and rights");
      return "";
    }
  }

  private int atLeastOne(String key, int value) {
    if (value < 1) {
      refuse(key, String.valueOf(value), "it must be at least 1");
    }
    return value;
  }

  private void refuse(String key, String value, String allowed) {
    refusals.add(new Refusal(PID + ": " + key, 0, "\"" + value + "\" is not allowed; " + allowed));
  }
}
