// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.plant.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(
    id = PlantComponent.PID,
    name = "Fedwerk simulated plant",
    description = "A plant with an OPC UA server and quality labels over MQTT")
@interface PlantConfig {
  @AttributeDefinition(description = "Name: 1 to 40 lower case letters, digits, dashes")
  String site();

  @AttributeDefinition(description = "What is made: milling or replay")
  String process() default "milling";

  @AttributeDefinition(description = "Milling: published, a, b or c")
  String milling_profile() default "a";

  @AttributeDefinition(description = "Milling: seed of all that is random")
  long milling_seed() default 1;

  @AttributeDefinition(
      description = "Milling: 0 fails as published, 1 as the profile says; 0 to 2",
      min = "0",
      max = "2")
  double milling_stress() default 1;

  @AttributeDefinition(description = "Replay: folder with the data files")
  String replay_folder() default "";

  @AttributeDefinition(description = "Replay: manifest, if the folder brings none of its own")
  String replay_manifest() default "";

  @AttributeDefinition(description = "Replay: site in the manifest; empty: the plant's name")
  String replay_site() default "";

  @AttributeDefinition(description = "False: wait for plant:start before the first part")
  boolean start_at$_$once() default true;

  @AttributeDefinition(
      description = "Parts made as fast as the clients take them; 0: all of a replay",
      min = "0")
  long parts() default 1500;

  @AttributeDefinition(description = "Parts a second after that; 0: none", min = "0", max = "1000")
  double trickle_parts$_$per$_$second() default 2;

  @AttributeDefinition(description = "Parts made at that pace; 0: no end", min = "0")
  long trickle_parts() default 0;

  @AttributeDefinition(description = "False: hold after the bulk until plant:trickle on")
  boolean trickle_at$_$start() default true;

  @AttributeDefinition(description = "Make a part only while every signal is subscribed")
  boolean wait$_$for$_$subscribers() default true;

  @AttributeDefinition(
      description = "Folder of keys and trusted certificates; empty: in Karaf's data folder")
  String folder() default "";

  @AttributeDefinition(description = "Address that the OPC UA server listens on")
  String opcua_host() default "127.0.0.1";

  @AttributeDefinition(
      description = "Port of the OPC UA server; 0 takes a free one, which plant:status shows",
      min = "0",
      max = "65535")
  int opcua_port() default 0;

  @AttributeDefinition(description = "The user that OPC UA clients name")
  String opcua_user();

  @AttributeDefinition(
      description = "That user's password, at least 8 characters",
      type = AttributeType.PASSWORD)
  String _opcua_password();

  @AttributeDefinition(
      description = "Let every OPC UA client certificate in; for demonstrations only")
  boolean trust_all_clients() default false;

  @AttributeDefinition(
      description = "MQTT broker for labels, as in its certificate; empty: no labels")
  String broker_host() default "";

  @AttributeDefinition(description = "Its TLS port", min = "1", max = "65535")
  int broker_port() default 8883;

  @AttributeDefinition(description = "PEM file with the CA of its certificate")
  String broker_ca() default "";

  @AttributeDefinition(description = "User at the broker")
  String broker_user() default "";

  @AttributeDefinition(description = "Password at the broker", type = AttributeType.PASSWORD)
  String _broker_password() default "";

  @AttributeDefinition(
      description = "Labels that may wait to be sent; more hold the plant back",
      min = "1",
      max = "1000000")
  int labels_bound() default 1000;

  @AttributeDefinition(description = "Prediction server to measure, opc.tcp://...; empty: no probe")
  String probe_endpoint() default "";

  @AttributeDefinition(description = "User there")
  String probe_user() default "";

  @AttributeDefinition(description = "Password there", type = AttributeType.PASSWORD)
  String _probe_password() default "";

  @AttributeDefinition(description = "Its variable with the predicted part's serial, nsu=...;s=...")
  String probe_node() default "";

  @AttributeDefinition(
      description = "Trust every certificate of that server; for demonstrations only")
  boolean probe_trust$_$server() default false;
}
