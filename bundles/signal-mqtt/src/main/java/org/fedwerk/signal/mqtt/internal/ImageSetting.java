// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.mqtt.internal;

import org.fedwerk.api.signal.SignalDescriptor;

/**
 * One signal of images as configured: a message is a PNG or JPEG file and nothing else.
 *
 * @param name the site's name for it
 * @param filter where its messages come
 */
public record ImageSetting(String name, TopicFilter filter) {
  SignalDescriptor descriptor() {
    return SignalDescriptor.ofImages(name, filter.text());
  }
}
