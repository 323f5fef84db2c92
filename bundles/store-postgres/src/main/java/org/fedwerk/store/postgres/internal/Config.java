// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.store.postgres.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of PID org.fedwerk.store.postgres. */
@ObjectClassDefinition(
    name = "Fedwerk store in PostgreSQL",
    description = "Where a coordinator and its standby keep their state, and who of them works")
@interface Config {
  @AttributeDefinition(
      name = "URL",
      description =
          "jdbc:postgresql://host:port/database, with ?sslmode=verify-full&sslrootcert=<file> over"
              + " a network")
  String url() default "";

  @AttributeDefinition(name = "User", description = "Role of the database", required = false)
  String user() default "";

  @AttributeDefinition(
      name = "Password",
      description = "Of the user; one of two ways to give it",
      type = AttributeType.PASSWORD,
      required = false)
  String _password() default "";

  @AttributeDefinition(
      name = "Password file",
      description = "File whose first line is the password",
      required = false)
  String password_file() default "";

  @AttributeDefinition(
      name = "Schema",
      description = "Schema of the tables, made if it is absent; one for each federation")
  String schema() default "fedwerk";

  @AttributeDefinition(
      name = "Holder",
      description =
          "Name of this process in the lease, for people; empty: host name and process number",
      required = false)
  String holder() default "";

  @AttributeDefinition(
      name = "Lease (seconds)",
      description = "A process that does not renew its lease for so long is taken over",
      min = "2",
      max = "300")
  int lease_seconds() default 5;
}
