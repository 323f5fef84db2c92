// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.identity.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(
    id = SiteComponent.PID,
    name = "Fedwerk site identity",
    description = "Makes this process a site that enrols in a federation")
@interface SiteConfig {
  @AttributeDefinition(description = "Folder of the site's key and certificates")
  String folder() default DataFolder.DEFAULT;

  @AttributeDefinition(
      description =
          "Enrolment token, used at start if the site is not enrolled; empty: enrol by command",
      type = AttributeType.PASSWORD)
  String token() default "";
}
