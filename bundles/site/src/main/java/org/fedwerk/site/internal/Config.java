// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of PID org.fedwerk.site. */
@ObjectClassDefinition(name = "Fedwerk site", description = "What the site's owner permits")
@interface Config {
  @AttributeDefinition(
      name = "approve.owners",
      description =
          "Owners whose tasks are approved without asking, as the tasks name them, with commas between; empty: every task waits")
  String[] approve_owners() default {};

  @AttributeDefinition(
      name = "rounds.allowed",
      description =
          "Times of day at which this site works for rounds, like 22:00-06:00, several with commas between; empty: always")
  String[] rounds_allowed() default {};

  @AttributeDefinition(
      name = "rounds.zone",
      description =
          "Time zone of rounds.allowed and rounds.per.day, like Europe/Vienna; empty: that of the machine")
  String rounds_zone() default "";

  @AttributeDefinition(
      name = "rounds.per.day",
      description =
          "Most rounds that this site trains in per day of rounds.zone, over all tasks; 0: any number",
      min = "0")
  int rounds_per_day() default 0;

  @AttributeDefinition(
      name = "statistics.leave",
      description =
          "Whether count, mean and variance of each input may leave this site, for tasks with normalisation: federated; where not, it is not willing for such a task")
  boolean statistics_leave() default false;

  @AttributeDefinition(
      name = "labels.leave",
      description =
          "Whether this site tells with each update how many training examples each class has, or count, mean and variance of a label that is a number; the coordinator's model card shows it")
  boolean labels_leave() default false;

  @AttributeDefinition(
      name = "egress.max.bytes",
      description = "Largest message that may leave the site, bytes",
      min = "1024")
  long egress_max_bytes() default 131_072;

  @AttributeDefinition(
      name = "egress.kept",
      description = "Passages through the egress gate kept on disk, at least",
      min = "1000")
  long egress_kept() default 100_000;

  @AttributeDefinition(
      name = "queue.messages",
      description = "Most messages from the link that wait; then the link waits",
      min = "10")
  int queue_messages() default 1000;

  @AttributeDefinition(name = "queue.bytes", description = "Most bytes of them", min = "262144")
  int queue_bytes() default 16_777_216;

  @AttributeDefinition(
      name = "predict.queue",
      description = "Most closed parts that wait to be predicted; then closing parts waits",
      min = "1",
      max = "100000")
  int predict_queue() default 1024;

  @AttributeDefinition(
      name = "chunks.in.flight",
      description = "Most chunks of this site's replies that are at the link",
      min = "1",
      max = "1000")
  int chunks_in_flight() default 16;

  @AttributeDefinition(
      name = "chunks.waiting",
      description = "Most chunks that the coordinator has asked for and that wait, as digests",
      min = "32",
      max = "100000")
  int chunks_waiting() default 1000;

  @AttributeDefinition(
      name = "chunks.remembered",
      description =
          "So many of the chunks that the broker took last are not sent again before they are known"
              + " to be lost",
      min = "32",
      max = "100000")
  int chunks_remembered() default 256;

  @AttributeDefinition(
      name = "drift.requests",
      description =
          "Whether this site may ask for rounds of a task that has ended when its data drift; where not, drift is shown here only")
  boolean drift_requests() default true;

  @AttributeDefinition(
      name = "contribution.allowed",
      description =
          "Whether this site takes part in tasks that find what each site adds; sites then judge models of single updates, from which each other site can compute this one's update")
  boolean contribution_allowed() default false;
}
