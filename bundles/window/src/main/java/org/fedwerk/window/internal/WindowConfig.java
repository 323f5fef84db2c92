// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.window.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(
    name = "Fedwerk window",
    description = "How samples become parts and how parts get their roles")
@interface WindowConfig {
  @AttributeDefinition(
      name = "Part signal",
      description =
          "Name of the signal that carries the serial; empty for the one that a source marks as part")
  String part_signal() default "";

  @AttributeDefinition(
      name = "Settle (milliseconds of source time)",
      description =
          "A signal that is silent is waited for until its server's newest source time is this far"
              + " beyond the part's end",
      min = "0")
  long settle() default 5000;

  @AttributeDefinition(
      name = "Stall (seconds)",
      description =
          "A part is closed without a signal when nothing came from its server for this long, by"
              + " this machine's monotonic clock",
      min = "1")
  long stall() default 30;

  @AttributeDefinition(
      name = "Role block (parts)",
      description =
          "Parts in a row that get one role; five blocks are train 3, validation 1, test 1",
      min = "1")
  int role_block() default 20;

  @AttributeDefinition(
      name = "Queue (batches)",
      description = "Batches that may wait for assembly before a source is held back",
      min = "1")
  int queue() default 64;

  @AttributeDefinition(
      name = "Most samples in memory",
      description =
          "Beyond it the older half of the samples of open parts is left out and counted; about"
              + " 24 bytes each",
      min = "1000")
  int buffer_max$_$samples() default 2_000_000;

  @AttributeDefinition(
      name = "Most bytes of images in memory",
      description =
          "Beyond it the oldest images of open parts are left out and counted; as many bytes may"
              + " wait in the queue before a source is held back",
      min = "1048576")
  long buffer_max$_$image$_$bytes() default 67_108_864;
}
