// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.mqtt.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The keys for people and tools; {@link SettingsReader} reads them, to refuse each by its name. */
@ObjectClassDefinition(
    name = "Fedwerk MQTT signals and labels",
    description =
        "Signals and labels of one MQTT 5 broker. They are keys of their own: signal.<name> ="
            + " <topic filter> | <value pointer> | <time pointer> | <unit>, label.<name> = <topic"
            + " filter> | <serial pointer> | <value pointer> | <time pointer> [| role=<pointer>],"
            + " image.<name> = <topic filter>"
            + " and label.<name>.codes = <code>=<class>, ...")
@interface MqttConfig {
  long SESSION_EXPIRY = 86_400;
  long KEEP_ALIVE = 30;

  long INBOX = 256;
  long INBOX_BYTES = 64 << 20;
  long IMAGE_BYTES = 4 << 20;
  long IMAGE_PIXELS = 8 << 20;
  long BACKOFF_MIN = 500;
  long BACKOFF_MAX = 30_000;

  @AttributeDefinition(
      name = "Name",
      description = "Unique at the site; default: the part of the file name after the dash",
      required = false)
  String name() default "";

  @AttributeDefinition(
      name = "Broker",
      description = "ssl://host:port; tcp://host:port only with allow.plain")
  String broker();

  @AttributeDefinition(
      name = "Allow plain",
      description = "True to allow tcp://, where passwords and labels can be read on the network")
  boolean allow_plain() default false;

  @AttributeDefinition(name = "User", description = "User name at the broker", required = false)
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
      name = "CA",
      description = "PEM file with the server's CA or its self-signed certificate; needed for ssl",
      required = false)
  String ca() default "";

  @AttributeDefinition(
      name = "Key store",
      description = "PKCS #12 file with a client certificate, for brokers that want one",
      required = false)
  String keystore() default "";

  @AttributeDefinition(
      name = "Key store password",
      description = "Of the key store and its key",
      type = AttributeType.PASSWORD,
      required = false)
  String _keystore_password() default "";

  @AttributeDefinition(
      name = "Client id",
      description =
          "Unique at the broker and the same after a restart; default: fedwerk-<user>-<name>",
      required = false)
  String client_id() default "";

  @AttributeDefinition(
      name = "Session expiry (seconds)",
      description = "How long the broker keeps messages for this client while it is away",
      min = "1",
      max = "4294967294")
  long session_expiry() default SESSION_EXPIRY;

  @AttributeDefinition(
      name = "Keep alive (seconds)",
      description = "After this long without traffic the connection is probed",
      min = "1",
      max = "65535")
  long keep_alive() default KEEP_ALIVE;

  @AttributeDefinition(
      name = "Part signal",
      description = "The signal whose value is the serial of the part in the machine",
      required = false)
  String part() default "";

  @AttributeDefinition(
      name = "Least back-off (milliseconds)",
      description = "Wait before the first new attempt to connect; doubles from there",
      min = "10")
  long backoff_min() default BACKOFF_MIN;

  @AttributeDefinition(
      name = "Greatest back-off (milliseconds)",
      description = "Longest wait between two attempts; ten times that after a refused password",
      min = "10")
  long backoff_max() default BACKOFF_MAX;

  @AttributeDefinition(
      name = "Inbox (messages)",
      description = "Most messages that wait to be stored; then nothing more is read",
      min = "1",
      max = "100000")
  long inbox() default INBOX;

  @AttributeDefinition(
      name = "Inbox (bytes)",
      description = "Most bytes that wait to be stored; a larger message waits alone",
      min = "1048576",
      max = "1073741824")
  long inbox_max$_$bytes() default INBOX_BYTES;

  @AttributeDefinition(
      name = "Most bytes of an image",
      description = "A larger one is refused",
      min = "1",
      max = "33554432")
  long image_max$_$bytes() default IMAGE_BYTES;

  @AttributeDefinition(
      name = "Most pixels of an image",
      description = "An image of more is refused before it is decoded",
      min = "1",
      max = "33554432")
  long image_max$_$pixels() default IMAGE_PIXELS;
}
