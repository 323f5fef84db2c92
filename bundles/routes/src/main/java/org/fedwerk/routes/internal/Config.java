// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.routes.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of PID org.fedwerk.routes. */
@ObjectClassDefinition(
    name = "Fedwerk routes",
    description =
        "Camel routes from files; keys property.<name> give what routes name as {{<name>}}")
@interface Config {
  @AttributeDefinition(
      name = "folder",
      description = "Folder of *.camel.yaml and *.camel.xml; empty: Karaf's deploy/")
  String folder() default "";

  @AttributeDefinition(
      name = "retry.seconds",
      description = "Routes that did not start are tried again after so long, seconds",
      min = "1",
      max = "86400")
  int retry_seconds() default 30;
}
