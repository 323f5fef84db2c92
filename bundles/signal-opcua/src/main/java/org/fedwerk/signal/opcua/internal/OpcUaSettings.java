// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.opcua.internal;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.eclipse.milo.opcua.stack.core.security.SecurityPolicy;
import org.eclipse.milo.opcua.stack.core.types.enumerated.MessageSecurityMode;
import org.fedwerk.api.Digest;
import org.jspecify.annotations.Nullable;

/**
 * What one source needs to know; {@link SettingsReader} makes it of a configuration.
 *
 * @param name instance name, unique at the site
 * @param endpoint {@code opc.tcp://host:port/path}
 * @param policy security policy
 * @param mode security mode
 * @param user user name; empty for an anonymous session
 * @param password of the user; null for an anonymous session
 * @param folder own certificate, trusted and rejected ones
 * @param signals the signals, in the order of their names
 * @param samplingMillis requested sampling interval; 0 for every change
 * @param queueSize requested queue per signal
 * @param publishingMillis requested publishing interval
 * @param lifetime how long the server keeps the subscription of an absent client
 * @param itemsBatch monitored items per request
 * @param notificationsMost most values in one message of the server
 * @param imageBytes most bytes of an image
 * @param imagePixels most pixels of an image
 * @param backoffLeast first wait between attempts
 * @param backoffMost longest wait between attempts
 */
record OpcUaSettings(
    String name,
    String endpoint,
    SecurityPolicy policy,
    MessageSecurityMode mode,
    String user,
    @Nullable Password password,
    Path folder,
    List<SignalSetting> signals,
    double samplingMillis,
    int queueSize,
    double publishingMillis,
    Duration lifetime,
    int itemsBatch,
    int notificationsMost,
    int imageBytes,
    int imagePixels,
    Duration backoffLeast,
    Duration backoffMost) {
  /** Images per signal that wait at the server. */
  static final int IMAGE_QUEUE = 2;

  /** Values per message where nothing is configured. */
  static final int NOTIFICATIONS = 10_000;

  OpcUaSettings {
    signals = List.copyOf(signals);
  }

  /** With the default for values in one message. */
  OpcUaSettings(
      String name,
      String endpoint,
      SecurityPolicy policy,
      MessageSecurityMode mode,
      String user,
      @Nullable Password password,
      Path folder,
      List<SignalSetting> signals,
      double samplingMillis,
      int queueSize,
      double publishingMillis,
      Duration lifetime,
      int itemsBatch,
      int imageBytes,
      int imagePixels,
      Duration backoffLeast,
      Duration backoffMost) {
    this(
        name,
        endpoint,
        policy,
        mode,
        user,
        password,
        folder,
        signals,
        samplingMillis,
        queueSize,
        publishingMillis,
        lifetime,
        itemsBatch,
        NOTIFICATIONS,
        imageBytes,
        imagePixels,
        backoffLeast,
        backoffMost);
  }

  /** How many signals deliver images. */
  int images() {
    return (int) signals.stream().filter(each -> each.kind() == ValueKind.IMAGE).count();
  }

  /** The queue to be asked for: images are large, so few of them wait at the server. */
  int queueOf(SignalSetting signal) {
    return signal.kind() == ValueKind.IMAGE ? Math.min(IMAGE_QUEUE, queueSize) : queueSize;
  }

  /** Bytes of images that one message of the server may bring. */
  long imageBytesAtOnce() {
    return (long) IMAGE_QUEUE * images() * imageBytes;
  }

  /** True if the channel is signed or encrypted. */
  boolean isSecure() {
    return policy != SecurityPolicy.None;
  }

  /** A digest of what is subscribed; a subscription of another one is not taken up. */
  String subscribed() {
    String text =
        signals
            + " "
            + samplingMillis
            + " "
            + queueSize
            + " "
            + publishingMillis
            + " "
            + endpoint
            // What an earlier program left was subscribed with the default, unsaid.
            + (notificationsMost == NOTIFICATIONS ? "" : " " + notificationsMost);
    return Digest.of(text.getBytes(StandardCharsets.UTF_8)).hex();
  }
}
