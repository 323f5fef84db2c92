// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(
    name = "Fedwerk coordinator",
    description = "Runs rounds. What a task says about rounds stands in the task, not here.")
@interface Config {
  @AttributeDefinition(
      name = "Tick (milliseconds)",
      description = "How often stalls and repeated requests are checked.",
      min = "10",
      max = "60000")
  int tick_millis() default 500;

  @AttributeDefinition(
      name = "Refetch (milliseconds)",
      description =
          "A site is asked again for chunks when none came from it for so long; where routes carry,"
              + " not before the link's round.trip.seconds.",
      min = "10",
      max = "600000")
  int refetch_millis() default 2000;

  @AttributeDefinition(
      name = "Range (elements)",
      description =
          "Most elements per range of models and updates, 4 bytes each; fewer where the link's"
              + " packets are smaller. Fixed for a task when it is submitted.",
      min = "1",
      max = "24000")
  int range_elements() default 24_000;

  @AttributeDefinition(
      name = "Queue (messages)",
      description = "Most received messages that wait; further ones are dropped and counted.",
      min = "10",
      max = "1000000")
  int queue_messages() default 10_000;

  @AttributeDefinition(
      name = "Queue (bytes)",
      description = "Most bytes of received messages that wait.",
      min = "1048576",
      max = "4294967296")
  long queue_bytes() default 67_108_864L;

  @AttributeDefinition(
      name = "Queue (orders)",
      description = "Most orders of persons that wait; a further one is refused.",
      min = "1",
      max = "10000")
  int queue_orders() default 100;

  @AttributeDefinition(
      name = "Chunks in flight (per site)",
      description = "Most chunks of models for one site that are at the link.",
      min = "1",
      max = "1000")
  int chunks_in_flight() default 16;

  @AttributeDefinition(
      name = "Chunks in flight (all)",
      description = "Most chunks of models for all sites together that are at the link.",
      min = "1",
      max = "10000")
  int chunks_in_flight_all() default 128;

  @AttributeDefinition(
      name = "Chunks waiting (per site)",
      description = "Most chunks that one site has asked for and that wait, as digests.",
      min = "64",
      max = "100000")
  int chunks_waiting() default 2000;

  @AttributeDefinition(
      name = "Audit (records)",
      description = "Refused replies and orders of persons that are kept on disk.",
      min = "1",
      max = "1000000")
  int audit_records() default 10_000;
}
