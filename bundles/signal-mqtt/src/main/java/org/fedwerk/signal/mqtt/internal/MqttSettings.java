// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.mqtt.internal;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What one source needs to know; {@link SettingsReader} makes it of a configuration.
 *
 * @param name instance name, unique at the site
 * @param broker {@code ssl://host:port} or {@code tcp://host:port}
 * @param user user name; empty for none
 * @param password of the user; null for none
 * @param ca PEM file with the certificates that the server's must lead to; null for tcp
 * @param keystore PKCS #12 file with a client certificate; null for none
 * @param keystorePassword of the key store; null for none
 * @param clientId unique at the broker, stable over restarts
 * @param sessionExpiry how long the broker keeps messages for an absent client
 * @param keepAlive probe of a silent connection
 * @param signals the signals, in the order of their names
 * @param images the signals of images, in the order of their names
 * @param labels the labels, in the order of their names
 * @param backoffLeast first wait between attempts
 * @param backoffMost longest wait between attempts
 * @param inbox most messages that wait to be stored
 * @param inboxBytes most bytes of them; a larger message waits alone
 * @param imageBytes most bytes of an image
 * @param imagePixels most pixels of an image
 */
public record MqttSettings(
    String name,
    String broker,
    String user,
    @Nullable Secret password,
    @Nullable Path ca,
    @Nullable Path keystore,
    @Nullable Secret keystorePassword,
    String clientId,
    Duration sessionExpiry,
    Duration keepAlive,
    List<SignalSetting> signals,
    List<ImageSetting> images,
    List<LabelSetting> labels,
    Duration backoffLeast,
    Duration backoffMost,
    int inbox,
    int inboxBytes,
    int imageBytes,
    int imagePixels) {
  public MqttSettings {
    signals = List.copyOf(signals);
    images = List.copyOf(images);
    labels = List.copyOf(labels);
  }

  /** True if samples come of it, and not only labels. */
  boolean hasSignals() {
    return !signals.isEmpty() || !images.isEmpty();
  }

  /** True for a connection over TLS. */
  boolean isSecure() {
    return broker.startsWith("ssl://");
  }

  /** All topic filters, each once, in the order of the entries. */
  List<TopicFilter> filters() {
    return Stream.of(
            signals.stream().map(SignalSetting::filter),
            images.stream().map(ImageSetting::filter),
            labels.stream().map(LabelSetting::filter))
        .flatMap(each -> each)
        .distinct()
        .toList();
  }
}
