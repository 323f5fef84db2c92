// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.store.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(
    name = "Fedwerk store",
    description = "Where state is kept on disk, and how much of it")
@interface StoreConfig {
  @AttributeDefinition(
      name = "Folder",
      description = "Folder of all state; ${name} stands for a system property")
  String folder() default "${karaf.data}/fedwerk/store";

  @AttributeDefinition(
      name = "Segment size (bytes)",
      description = "A file of a journal is closed at this size; at least 4096",
      min = "4096")
  long segment_bytes() default 16L << 20;

  @AttributeDefinition(
      name = "Bound of closed parts (bytes)",
      description = "Oldest parts are removed beyond this size on disk; 0 for no bound",
      min = "0")
  long parts_max$_$bytes() default 1L << 30;

  @AttributeDefinition(
      name = "Bound of closed parts (seconds of source time)",
      description = "Parts that ended this long before the newest one are removed; 0 for no bound",
      min = "0")
  long parts_max$_$age() default 0;

  @AttributeDefinition(
      name = "Force interval (milliseconds)",
      description = "How often written data is forced to the device against a loss of power",
      min = "10")
  long force_interval() default 1000;
}
