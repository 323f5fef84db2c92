// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.routes.internal;

/** Headers that the endpoints set and read. */
final class Headers {
  /** Topic of a sealed message: where it goes, and what it is. */
  static final String TOPIC = "FedwerkTopic";

  /** Id of the process that a sealed message is for. */
  static final String RECIPIENT = "FedwerkRecipient";

  /** Kind of a sealed message. */
  static final String KIND = "FedwerkKind";

  /** Name of a task. */
  static final String TASK = "FedwerkTask";

  /** Serial of a part. */
  static final String SERIAL = "FedwerkSerial";

  /** Class that was predicted. */
  static final String PREDICTED = "FedwerkPredicted";

  /** Whether a prediction can be trusted: good, uncertain or bad. */
  static final String TRUST = "FedwerkTrust";

  /** Number of a round. */
  static final String ROUND = "FedwerkRound";

  /** Protocol of a round. */
  static final String PROTOCOL = "FedwerkProtocol";

  private Headers() {}
}
