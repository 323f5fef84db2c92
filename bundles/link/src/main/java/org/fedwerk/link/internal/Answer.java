// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.link.internal;

import java.util.concurrent.CompletableFuture;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttActionListener;
import org.fedwerk.api.link.LinkException;

/** Hears how the broker answered a publish, on the client's thread. */
record Answer(String topic, CompletableFuture<Void> answer) implements MqttActionListener {
  /** From here on an MQTT 5 reason code says no. */
  private static final int REFUSED_FROM = 0x80;

  private static final int NOT_AUTHORIZED = 135;

  static boolean isRefusal(int reason) {
    return reason >= REFUSED_FROM;
  }

  /** What to tell of a refusal. */
  static String refusal(String what, String topic, int reason) {
    return reason == NOT_AUTHORIZED
        ? "the broker does not permit this process to "
            + what
            + " "
            + topic
            + " (MQTT reason 135); see that it is enrolled in this federation and not revoked"
        : "the broker refused to let this process "
            + what
            + " "
            + topic
            + " (MQTT reason "
            + reason
            + ")";
  }

  @Override
  public void onSuccess(IMqttToken token) {
    int reason = reason(token);
    if (isRefusal(reason)) {
      answer.completeExceptionally(new LinkException(refusal("write", topic, reason)));
    } else {
      answer.complete(null);
    }
  }

  @Override
  public void onFailure(IMqttToken token, Throwable failed) {
    int reason = reason(token);
    answer.completeExceptionally(
        new LinkException(
            isRefusal(reason)
                ? refusal("write", topic, reason)
                : "the connection was lost before the broker took a message on " + topic));
  }

  private static int reason(IMqttToken token) {
    int[] reasons = token.getReasonCodes();
    return reasons == null || reasons.length == 0 ? 0 : reasons[0];
  }
}
