// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.opcua.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(
    name = "Fedwerk OPC UA signals",
    description =
        "Signals of one OPC UA server. Signals themselves are keys signal.<name> = <node id> | <unit>")
@interface OpcUaConfig {
  long IMAGE_BYTES = 4 << 20;
  long IMAGE_PIXELS = 8 << 20;

  @AttributeDefinition(
      name = "Name",
      description = "Unique at the site; default: the part of the file name after the dash",
      required = false)
  String name() default "";

  @AttributeDefinition(name = "Endpoint", description = "opc.tcp://host:port/path of the server")
  String endpoint();

  @AttributeDefinition(
      name = "Security policy",
      description =
          "None, Basic256Sha256, Aes128_Sha256_RsaOaep (also Aes128Sha256RsaOaep) or Aes256_Sha256_RsaPss")
  String policy() default "Basic256Sha256";

  @AttributeDefinition(name = "Security mode", description = "None, Sign or SignAndEncrypt")
  String mode() default "SignAndEncrypt";

  @AttributeDefinition(name = "User", description = "Empty: anonymous", required = false)
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
      name = "Folder",
      description = "Own certificate, trusted and rejected ones; {name} is this source's name")
  String folder() default "${karaf.data}/fedwerk/opcua/{name}";

  @AttributeDefinition(
      name = "Part signal",
      description = "The signal whose value is the serial of the part in the machine",
      required = false)
  String part() default "";

  @AttributeDefinition(
      name = "Sampling interval (milliseconds)",
      description = "How often the server looks at a value; 0: every change",
      min = "0")
  double sampling_interval() default 0;

  @AttributeDefinition(
      name = "Queue size (values)",
      description = "Values per signal that the server keeps between two deliveries",
      min = "1")
  int queue_size() default 1000;

  @AttributeDefinition(
      name = "Publishing interval (milliseconds)",
      description = "How often the server delivers",
      min = "1")
  double publishing_interval() default 100;

  @AttributeDefinition(
      name = "Subscription lifetime (seconds)",
      description =
          "How long the server keeps the subscription and its queues for a client that is away",
      min = "10")
  int subscription_lifetime() default 60;

  @AttributeDefinition(
      name = "Items per call",
      description = "Monitored items created with one request",
      min = "1")
  int items_batch() default 500;

  @AttributeDefinition(
      name = "Values per message",
      description = "Most values that the server sends at once; memory holds two such messages",
      min = "1",
      max = "1000000")
  int notifications_max() default OpcUaSettings.NOTIFICATIONS;

  @AttributeDefinition(
      name = "Most bytes of an image",
      description = "A larger one is refused; the server's messages may be as large as two of each",
      min = "1",
      max = "33554432")
  long image_max$_$bytes() default IMAGE_BYTES;

  @AttributeDefinition(
      name = "Most pixels of an image",
      description = "An image of more is refused before it is decoded",
      min = "1",
      max = "33554432")
  long image_max$_$pixels() default IMAGE_PIXELS;

  @AttributeDefinition(
      name = "Least back-off (milliseconds)",
      description = "Wait before the first new attempt to connect; doubles from there",
      min = "10")
  long backoff_min() default 500;

  @AttributeDefinition(
      name = "Greatest back-off (milliseconds)",
      description = "Longest wait between two attempts; ten times that after a refused password",
      min = "10")
  long backoff_max() default 30_000;
}
