// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.opcua.internal;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.milo.opcua.stack.core.security.SecurityPolicy;
import org.eclipse.milo.opcua.stack.core.types.builtin.ExpandedNodeId;
import org.eclipse.milo.opcua.stack.core.types.enumerated.MessageSecurityMode;
import org.fedwerk.api.Refusal;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.signal.ImageInspection;
import org.jspecify.annotations.Nullable;

/** Reads and checks one configuration; every refusal names the key and what is allowed. */
final class SettingsReader {
  static final String PID = "org.fedwerk.signal.opcua";
  private static final String SIGNAL = "signal.";
  private static final int MOST_NOTIFICATIONS = 1_000_000;
  private static final Map<String, ValueKind> KINDS =
      Map.of("number", ValueKind.NUMERIC, "text", ValueKind.TEXT, "image", ValueKind.IMAGE);

  private final List<Refusal> refusals = new ArrayList<>();
  private final String name;

  private SettingsReader(String name) {
    this.name = name;
  }

  /**
   * Reads a configuration.
   *
   * @param config the typed keys; a key that is absent and has no default arrives as null
   * @param keys all keys, for those that begin with {@code signal.} and for the instance's name
   * @throws RefusedException with every refusal
   */
  static OpcUaSettings read(OpcUaConfig config, Map<String, ?> keys) throws RefusedException {
    SettingsReader reader = new SettingsReader(InstanceName.of(config.name(), PID, keys));
    OpcUaSettings settings = reader.settings(config, keys);
    if (!reader.refusals.isEmpty()) {
      throw new RefusedException(reader.refusals);
    }
    return settings;
  }

  private OpcUaSettings settings(OpcUaConfig config, Map<String, ?> keys) {
    Object endpoint = config.endpoint();
    String url = endpoint == null ? "" : config.endpoint().strip();
    if (!url.matches("opc\\.tcp://[^/\\s]+(/\\S*)?")) {
      refuse("endpoint", url, "write opc.tcp://<host>:<port>[/path]");
    }
    SecurityPolicy policy = policy(config.policy().strip());
    MessageSecurityMode mode = mode(config.mode().strip());
    if ((policy == SecurityPolicy.None) != (mode == MessageSecurityMode.None)) {
      refuse("mode", config.mode(), "policy and mode are both None, or neither is");
    }
    Password password = password(config);
    String user = config.user().strip();
    if (user.isEmpty() != (password == null)) {
      refuse(
          "user",
          user,
          "a user needs .password, password.env or password.file, and a password needs a user");
    }
    List<SignalSetting> signals = signals(keys, config.part().strip());
    return new OpcUaSettings(
        name,
        url,
        policy,
        mode,
        user,
        password,
        InstanceName.folder(config.folder(), name),
        signals,
        atLeast("sampling.interval", config.sampling_interval(), 0),
        (int) atLeast("queue.size", config.queue_size(), 1),
        atLeast("publishing.interval", config.publishing_interval(), 1),
        Duration.ofSeconds(
            (long) atLeast("subscription.lifetime", config.subscription_lifetime(), 10)),
        (int) atLeast("items.batch", config.items_batch(), 1),
        within("notifications.max", config.notifications_max(), MOST_NOTIFICATIONS),
        within("image.max-bytes", config.image_max$_$bytes(), ImageInspection.MOST_BYTES),
        within("image.max-pixels", config.image_max$_$pixels(), ImageInspection.MOST_PIXELS),
        Duration.ofMillis((long) atLeast("backoff.min", config.backoff_min(), 10)),
        Duration.ofMillis(
            (long) atLeast("backoff.max", config.backoff_max(), config.backoff_min())));
  }

  private SecurityPolicy policy(String word) {
    String wanted = word.replace("_", "").toLowerCase(Locale.ROOT);
    for (SecurityPolicy policy :
        List.of(
            SecurityPolicy.None,
            SecurityPolicy.Basic256Sha256,
            SecurityPolicy.Aes128_Sha256_RsaOaep,
            SecurityPolicy.Aes256_Sha256_RsaPss)) {
      if (policy.name().replace("_", "").toLowerCase(Locale.ROOT).equals(wanted)) {
        return policy;
      }
    }
    refuse(
        "policy",
        word,
        "allowed are None, Basic256Sha256, Aes128Sha256RsaOaep, Aes256Sha256RsaPss");
    return SecurityPolicy.None;
  }

  private MessageSecurityMode mode(String word) {
    for (MessageSecurityMode mode :
        List.of(
            MessageSecurityMode.None,
            MessageSecurityMode.Sign,
            MessageSecurityMode.SignAndEncrypt)) {
      if (mode.name().equalsIgnoreCase(word)) {
        return mode;
      }
    }
    refuse("mode", word, "allowed are None, Sign, SignAndEncrypt");
    return MessageSecurityMode.None;
  }

  private @Nullable Password password(OpcUaConfig config) {
    List<Password> given = new ArrayList<>();
    if (!config._password().isEmpty()) {
      given.add(new Password.Given(config._password()));
    }
    if (!config.password_env().isBlank()) {
      given.add(new Password.Environment(config.password_env().strip()));
    }
    if (!config.password_file().isBlank()) {
      given.add(new Password.InFile(Path.of(config.password_file().strip())));
    }
    if (given.size() > 1) {
      refuse("password", "", "give only one of .password, password.env, password.file");
    }
    return given.isEmpty() ? null : given.get(0);
  }

  private List<SignalSetting> signals(Map<String, ?> keys, String part) {
    List<SignalSetting> signals = new ArrayList<>();
    for (Map.Entry<String, ?> entry : new TreeMap<>(keys).entrySet()) {
      if (entry.getKey().startsWith(SIGNAL)) {
        String signal = entry.getKey().substring(SIGNAL.length());
        signals.add(signal(signal, String.valueOf(entry.getValue()), signal.equals(part)));
      }
    }
    if (signals.isEmpty()) {
      refuse("signal.<name>", "", "at least one signal is needed: <node id> | <unit>");
    }
    if (!part.isEmpty() && signals.stream().noneMatch(SignalSetting::part)) {
      refuse("part", part, "there is no signal." + part);
    }
    return signals;
  }

  private SignalSetting signal(String signal, String text, boolean part) {
    String key = SIGNAL + signal;
    String[] fields = text.split("\\|", -1);
    String node = fields[0].strip();
    try {
      ExpandedNodeId.parse(node);
    } catch (RuntimeException malformed) {
      refuse(key, node, "write nsu=<namespace URI>;s=<identifier> (or i=, g=, b=)");
    }
    if (fields.length > 3) {
      refuse(key, text, "write <node id> | <unit> [| number, text or image]");
    }
    String unit = fields.length > 1 ? fields[1].strip() : "";
    String word = fields.length > 2 ? fields[2].strip() : part ? "text" : "number";
    ValueKind kind = KINDS.get(word);
    if (kind == null) {
      refuse(key, word, "the third field is number, text or image");
      kind = ValueKind.NUMERIC;
    } else if (part && kind != ValueKind.TEXT) {
      refuse(key, word, "the part's serial is text");
    } else if (kind == ValueKind.IMAGE && !unit.isEmpty()) {
      refuse(key, unit, "an image has no unit; leave the second field empty");
    }
    return new SignalSetting(signal, node, unit, kind, part);
  }

  private int within(String key, long value, int most) {
    if (value < 1 || value > most) {
      refuse(key, String.valueOf(value), "it must be from 1 to " + most);
      return most;
    }
    return (int) value;
  }

  private double atLeast(String key, double value, double least) {
    if (!(value >= least)) {
      refuse(key, String.valueOf(value), "it must be at least " + least);
    }
    return value;
  }

  private void refuse(String key, String value, String allowed) {
    refusals.add(
        new Refusal(
            PID + "-" + name + ": " + key, 0, "\"" + value + "\" is not allowed; " + allowed));
  }
}
