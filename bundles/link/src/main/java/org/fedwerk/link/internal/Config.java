// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.link.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of PID org.fedwerk.link. */
@ObjectClassDefinition(
    name = "Fedwerk link",
    description = "How this process reaches the federation's broker")
@interface Config {
  @AttributeDefinition(
      name = "broker.url",
      description = "ssl://host:port of the broker; empty: what enrolment told")
  String broker_url() default "";

  @AttributeDefinition(
      name = "keep.alive.seconds",
      description = "MQTT keep alive, seconds",
      min = "1",
      max = "65535")
  int keep_alive_seconds() default 30;

  @AttributeDefinition(
      name = "session.expiry.seconds",
      description = "How long the broker keeps messages for this process while it is away, seconds",
      min = "0")
  long session_expiry_seconds() default 86_400;

  @AttributeDefinition(
      name = "backoff.least.millis",
      description = "First wait before connecting again, milliseconds; doubles with jitter",
      min = "10")
  long backoff_least_millis() default 500;

  @AttributeDefinition(
      name = "backoff.most.millis",
      description = "Longest wait before connecting again, milliseconds",
      min = "10")
  long backoff_most_millis() default 30_000;
}
