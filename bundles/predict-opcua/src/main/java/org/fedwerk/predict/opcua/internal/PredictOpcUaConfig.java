// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.predict.opcua.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(
    name = "Fedwerk OPC UA server",
    description = "Serves predictions to SCADA systems; it opens once somebody may log in")
@interface PredictOpcUaConfig {
  @AttributeDefinition(name = "Host", description = "Host name or IP address to listen on")
  String host() default "127.0.0.1";

  @AttributeDefinition(
      name = "Port",
      description = "TCP port; 0 takes a free one, which status shows",
      min = "0",
      max = "65535")
  int port() default 4841;

  @AttributeDefinition(
      name = "Advertised host",
      description = "Name or address by which clients reach this machine; empty: host",
      required = false)
  String advertised_host() default "";

  @AttributeDefinition(
      name = "Security policies",
      description =
          "Comma-separated: Basic256Sha256, Aes128_Sha256_RsaOaep, Aes256_Sha256_RsaPss, all with"
              + " SignAndEncrypt; None needs allow.none as well")
  String security_policies() default "Basic256Sha256";

  @AttributeDefinition(
      name = "Allow None",
      description = "True to let the policy None be offered: nothing is signed or encrypted then")
  boolean allow_none() default false;

  @AttributeDefinition(name = "User", description = "May log in", required = false)
  String user() default "";

  @AttributeDefinition(
      name = "Password",
      description = "Of the user; one of three ways to give it",
      type = AttributeType.PASSWORD,
      required = false)
  String _password() default "";

  @AttributeDefinition(
      name = "Password variable",
      description = "Environment variable that holds the password",
      required = false)
  String password_env() default "";

  @AttributeDefinition(
      name = "Password file",
      description = "File whose first line is the password",
      required = false)
  String password_file() default "";

  @AttributeDefinition(
      name = "Allow anonymous",
      description = "True to let clients in without a user")
  boolean allow_anonymous() default false;

  @AttributeDefinition(
      name = "Folder",
      description = "Own certificate, trusted and rejected ones",
      required = false)
  String folder() default "${karaf.data}/fedwerk/predict-opcua";

  @AttributeDefinition(
      name = "Trust all clients",
      description = "True to take every valid client certificate without asking")
  boolean trust_all_clients() default false;

  @AttributeDefinition(name = "Sessions", description = "Most sessions at a time", min = "1")
  int sessions_max() default 20;

  @AttributeDefinition(
      name = "Monitored items",
      description = "Most monitored items of all sessions together",
      min = "1")
  int items_max() default 10_000;
}
