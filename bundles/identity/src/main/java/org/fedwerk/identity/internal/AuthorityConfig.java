// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.identity.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(
    id = AuthoritySettings.PID,
    name = "Fedwerk federation authority",
    description = "Makes this process the coordinator of a federation, with its CA and enrolment")
@interface AuthorityConfig {
  @AttributeDefinition(
      description = "The federation's name: 1 to 40 lower case letters, digits, dashes")
  String federation();

  @AttributeDefinition(description = "This coordinator's id: the same rule")
  String coordinator() default "coordinator";

  @AttributeDefinition(description = "Host name or IP address that enrolment listens on")
  String enrolment_host() default "127.0.0.1";

  @AttributeDefinition(
      description = "Port of enrolment over HTTPS; 0 takes a free one, which status shows",
      min = "0",
      max = "65535")
  int enrolment_port() default 0;

  @AttributeDefinition(
      description = "Most requests of sites that wait to be enrolled; one more is dropped",
      min = "1",
      max = "1000")
  int enrolment_requests_max() default AuthoritySettings.REQUESTS;

  @AttributeDefinition(description = "Host name or IP address under which sites reach this machine")
  String advertised_host() default "127.0.0.1";

  @AttributeDefinition(
      description = "Host of the broker, told to sites at enrolment; empty: advertised.host")
  String broker_host() default "";

  @AttributeDefinition(
      description = "Port of the broker, told to sites at enrolment; 0: sites configure it",
      min = "0",
      max = "65535")
  int broker_port() default 0;

  @AttributeDefinition(
      description =
          "Folder for what a broker of another make needs: ca.crt, broker.crt, broker.key, acl;"
              + " empty: none is written")
  String broker_files() default "";

  @AttributeDefinition(description = "Folder of keys, certificates and ledger")
  String folder() default DataFolder.DEFAULT;
}
