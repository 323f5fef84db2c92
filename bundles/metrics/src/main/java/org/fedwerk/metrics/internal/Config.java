// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.metrics.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(
    name = "Fedwerk metrics and health",
    description =
        "Where Prometheus and probes of a supervisor find this process. JMX needs none of it.")
@interface Config {
  @AttributeDefinition(
      name = "Port",
      description = "TCP port of /metrics and /health. 0: none is opened.",
      min = "0",
      max = "65535")
  int port() default 0;

  @AttributeDefinition(
      name = "Host",
      description =
          "Address to listen on. Any other than one of this machine's loopback needs user and"
              + " password.")
  String host() default "127.0.0.1";

  @AttributeDefinition(
      name = "User",
      description = "Who may read, by HTTP basic authentication. Empty: everybody on this machine.")
  String user() default "";

  @AttributeDefinition(
      name = "Password file",
      description = "File whose first line is the user's password; read at each start.")
  String password_file() default "";

  @AttributeDefinition(
      name = "Requests",
      description = "Most requests that wait for an answer; one more is dropped.",
      min = "1",
      max = "1000")
  int requests_max() default 16;
}
