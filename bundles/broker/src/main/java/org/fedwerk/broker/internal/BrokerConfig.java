// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.broker.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

@ObjectClassDefinition(
    name = "Fedwerk broker",
    description =
        "An embedded MQTT broker. For auth = users, also user.<name>.password and"
            + " user.<name>.topics for each user")
@interface BrokerConfig {
  @AttributeDefinition(description = "Host name or IP address to listen on")
  String host() default "127.0.0.1";

  @AttributeDefinition(
      description = "Port; 0 takes a free one, which status shows",
      min = "0",
      max = "65535")
  int port() default 0;

  @AttributeDefinition(
      description = "Who may connect: the federation's certificates, or users with passwords",
      options = {
        @Option(label = "federation", value = "federation"),
        @Option(label = "users", value = "users")
      })
  String auth() default "federation";

  @AttributeDefinition(description = "Largest MQTT packet in bytes", min = "1024")
  int packet_max() default 1048576;

  @AttributeDefinition(description = "Most connections at a time", min = "1")
  int clients_max() default 1024;

  @AttributeDefinition(description = "Folder of journal and queues")
  String folder() default "";

  @AttributeDefinition(description = "Size of one journal file in bytes", min = "1048576")
  int journal_file_size() default 10485760;

  @AttributeDefinition(
      description = "Longest time in seconds that a session outlives its connection",
      min = "0",
      max = "2147483")
  int session_expiry_max() default 604800;

  @AttributeDefinition(
      description = "Bytes in memory per topic before queue.full applies",
      min = "1048576")
  long queue_max() default 67108864L;

  @AttributeDefinition(
      description = "When queue.max is reached: messages go to disk, or publishers wait",
      options = {
        @Option(label = "PAGE", value = "PAGE"),
        @Option(label = "BLOCK", value = "BLOCK")
      })
  String queue_full() default "PAGE";

  @AttributeDefinition(
      description = "Use of the disk in percent at which publishers are held; 100 never holds them",
      min = "1",
      max = "100")
  int disk_max() default 95;

  @AttributeDefinition(description = "For auth = users: PKCS #12 file with the server's key")
  String keystore() default "";

  @AttributeDefinition(description = "Password of the PKCS #12 file", type = AttributeType.PASSWORD)
  String keystore_password() default "";
}
