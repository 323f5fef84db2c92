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
      name = "carrier",
      description =
          "mqtt: a broker; routes: Camel routes that read fedwerk:outbox and write fedwerk:inbox")
  String carrier() default "mqtt";

  @AttributeDefinition(
      name = "carried.sites",
      description =
          "Coordinator with carrier = mqtt: ids of the sites that routes carry for, with commas"
              + " between; the broker serves the others")
  String carried_sites() default "";

  @AttributeDefinition(
      name = "round.trip.seconds",
      description = "Where routes carry: how long an answer takes, seconds; asked again after it",
      min = "1",
      max = "2592000")
  long round_trip_seconds() default 60;

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

  @AttributeDefinition(
      name = "send.messages",
      description = "Most messages that wait for the broker; one more is refused to its sender",
      min = "100",
      max = "1000000")
  int send_messages() default 10_000;

  @AttributeDefinition(
      name = "send.bytes",
      description = "Most bytes of them",
      min = "1048576",
      max = "4294967296")
  long send_bytes() default 67_108_864;

  @AttributeDefinition(
      name = "send.in.flight",
      description =
          "Most messages on their way to the broker at a time; fewer if its Receive Maximum is"
              + " smaller",
      min = "1",
      max = "1000")
  int send_in_flight() default 32;

  @AttributeDefinition(
      name = "receive.max",
      description =
          "Most messages that the broker may send a receiving client before one is acknowledged",
      min = "1",
      max = "1000")
  int receive_max() default 100;
}
