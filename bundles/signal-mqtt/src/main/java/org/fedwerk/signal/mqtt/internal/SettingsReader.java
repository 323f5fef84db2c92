// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.mqtt.internal;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fedwerk.api.Refusal;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.signal.ImageInspection;
import org.jspecify.annotations.Nullable;

/**
 * Reads and checks one configuration; every refusal names the key and what is allowed. Keys are
 * read as they were written, so that a number that is none is refused by its key too.
 */
public final class SettingsReader {
  static final String PID = "org.fedwerk.signal.mqtt";

  private static final Pattern URL =
      Pattern.compile("(ssl|tcp)://([^/\\s:@\\[\\]]+|\\[[0-9a-fA-F:.]+]):([0-9]{1,5})");
  private static final Pattern FOREIGN =
      Pattern.compile("(service|component|felix|org\\.apache|osgi)\\..*|.*\\.target");
  private static final int LAST_PORT = 65_535;
  private static final long LONGEST_EXPIRY = 4_294_967_294L;
  private static final long MOST_INBOX = 100_000;
  private static final String MAX_BYTES = EntryReader.IMAGE + "max-bytes";
  private static final String MAX_PIXELS = EntryReader.IMAGE + "max-pixels";
  private static final Set<String> KNOWN =
      Set.of(
          "name",
          "broker",
          "allow.plain",
          "user",
          ".password",
          "password.env",
          "password.file",
          "ca",
          "keystore",
          ".keystore.password",
          "client.id",
          "session.expiry",
          "keep.alive",
          "part",
          "backoff.min",
          "backoff.max",
          "inbox",
          "inbox.max-bytes",
          MAX_BYTES,
          MAX_PIXELS);

  private final List<Refusal> refusals = new ArrayList<>();
  private final Map<String, ?> keys;
  private final String name;

  private SettingsReader(String name, Map<String, ?> keys) {
    this.name = name;
    this.keys = keys;
  }

  /**
   * Reads a configuration.
   *
   * @param keys all of its keys, as they were written
   * @throws RefusedException with every refusal
   */
  public static MqttSettings read(Map<String, ?> keys) throws RefusedException {
    SettingsReader reader = new SettingsReader(InstanceName.of(PID, keys), keys);
    MqttSettings settings = reader.settings();
    if (!reader.refusals.isEmpty()) {
      throw new RefusedException(reader.refusals);
    }
    return settings;
  }

  private MqttSettings settings() {
    String broker = broker();
    String user = text("user");
    Secret password = password();
    Path keystore = path("keystore");
    String keystoreSecret = text(".keystore.password");
    if (password != null && user.isEmpty()) {
      refuse("user", user, "a password needs a user");
    }
    if (password == null && !user.isEmpty() && keystore == null) {
      refuse("user", user, "a user needs .password, password.env or password.file");
    }
    if (broker.startsWith("ssl://") && text("ca").isEmpty()) {
      refuse("ca", "", "ssl needs a PEM file with the server's CA or self-signed certificate");
    }
    if (keystore == null && !keystoreSecret.isEmpty()) {
      refuse("keystore", "", ".keystore.password needs a PKCS #12 file");
    }
    long backoffLeast = number("backoff.min", MqttConfig.BACKOFF_MIN, 10, Integer.MAX_VALUE);
    EntryReader entries = new EntryReader(keys, text("part"), this::refuse);
    MqttSettings settings =
        new MqttSettings(
            name,
            broker,
            user,
            password,
            path("ca"),
            keystore,
            keystore == null ? null : new Secret.Given(keystoreSecret),
            clientId(user),
            Duration.ofSeconds(
                number("session.expiry", MqttConfig.SESSION_EXPIRY, 1, LONGEST_EXPIRY)),
            Duration.ofSeconds(number("keep.alive", MqttConfig.KEEP_ALIVE, 1, 65_535)),
            entries.signals(),
            entries.images(),
            entries.labels(),
            Duration.ofMillis(backoffLeast),
            Duration.ofMillis(
                number("backoff.max", MqttConfig.BACKOFF_MAX, backoffLeast, Integer.MAX_VALUE)),
            (int) number("inbox", MqttConfig.INBOX, 1, MOST_INBOX),
            (int) number("inbox.max-bytes", MqttConfig.INBOX_BYTES, 1 << 20, 1 << 30),
            (int) number(MAX_BYTES, MqttConfig.IMAGE_BYTES, 1, ImageInspection.MOST_BYTES),
            (int) number(MAX_PIXELS, MqttConfig.IMAGE_PIXELS, 1, ImageInspection.MOST_PIXELS));
    if (!settings.hasSignals() && settings.labels().isEmpty() && refusals.isEmpty()) {
      refuse("label.<name>", "", "at least one label or signal is needed");
    }
    for (String key : new TreeMap<>(keys).keySet()) {
      if (!KNOWN.contains(key) && !EntryReader.owns(key) && !FOREIGN.matcher(key).matches()) {
        refusals.add(
            new Refusal(
                where(key),
                0,
                "the key is not known; use "
                    + String.join(", ", KNOWN.stream().sorted().toList())
                    + ", signal.<name>, image.<name>, label.<name>, label.<name>.codes"));
      }
    }
    return settings;
  }

  private String broker() {
    String url = text("broker");
    Matcher parts = URL.matcher(url);
    if (!parts.matches()
        || Integer.parseInt(parts.group(3)) < 1
        || Integer.parseInt(parts.group(3)) > LAST_PORT) {
      refuse("broker", url, "write ssl://<host>:<port>");
    }
    String plain = text("allow.plain");
    if (!plain.isEmpty() && !plain.equals("true") && !plain.equals("false")) {
      refuse("allow.plain", plain, "write true or false");
    }
    if (url.startsWith("tcp://") && !plain.equals("true")) {
      refuse(
          "broker",
          url,
          "tcp shows passwords and labels to the network; use ssl:// or set allow.plain = true");
    }
    return url;
  }

  private @Nullable Secret password() {
    List<Secret> given = new ArrayList<>();
    if (!raw(".password").isEmpty()) {
      given.add(new Secret.Given(raw(".password")));
    }
    if (!text("password.env").isEmpty()) {
      given.add(new Secret.Environment(text("password.env")));
    }
    Path file = path("password.file");
    if (file != null) {
      given.add(new Secret.InFile(file));
    }
    if (given.size() > 1) {
      refuse(".password", "***", "give only one of .password, password.env, password.file");
    }
    return given.isEmpty() ? null : given.get(0);
  }

  private String clientId(String user) {
    String id = text("client.id");
    if (!id.isEmpty()) {
      return id;
    }
    if (user.isEmpty()) {
      refuse("client.id", "", "without a user write an id that nobody else has at the broker");
    }
    return "fedwerk-" + user + "-" + name;
  }

  private @Nullable Path path(String key) {
    String path = text(key);
    return path.isEmpty() ? null : Path.of(path);
  }

  private long number(String key, long otherwise, long least, long most) {
    String text = text(key);
    if (text.isEmpty()) {
      return otherwise;
    }
    try {
      long number = Long.parseLong(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException refusedBelow) {
      // as a number out of range is
    }
    refuse(key, text, "write a whole number from " + least + " to " + most);
    return otherwise;
  }

  private String text(String key) {
    return raw(key).strip();
  }

  private String raw(String key) {
    Object value = keys.get(key);
    return value == null ? "" : String.valueOf(value);
  }

  private String where(String key) {
    return PID + "-" + name + ": " + key;
  }

  private void refuse(String key, String value, String allowed) {
    refusals.add(new Refusal(where(key), 0, "\"" + value + "\" is not allowed; " + allowed));
  }
}
