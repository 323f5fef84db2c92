// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.mqtt.internal;

import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import javax.net.ssl.SSLException;
import org.eclipse.paho.mqttv5.client.MqttClientException;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.packet.MqttReturnCode;
import org.jspecify.annotations.Nullable;

/** Puts failures into words for the operator of one source. */
final class Problems {
  /** MQTT 5, 2.4: reason codes from here on are failures. */
  static final int FAILURE = 0x80;

  private final MqttSettings settings;

  Problems(MqttSettings settings) {
    this.settings = settings;
  }

  /** The connection did not come about. */
  ConnectionProblem ofConnecting(MqttException failed) {
    for (Throwable t = failed.getCause(); t != null; t = t.getCause()) {
      ConnectionProblem known = known(t);
      if (known != null) {
        return known;
      }
    }
    if (failed.getCause() instanceof SSLException tls) {
      return ConnectionProblem.of(
          "TLS with "
              + settings.broker()
              + " failed ("
              + tls.getMessage()
              + "); check that the port speaks TLS and whether the broker wants a client"
              + " certificate (keystore)");
    }
    int reason = failed.getReasonCode();
    if (reason >= FAILURE && reason <= 0xFF) {
      return refused(reason);
    }
    if (reason == MqttClientException.REASON_CODE_CLIENT_TIMEOUT) {
      return ConnectionProblem.of(
          settings.broker() + " did not answer in time; check broker and network");
    }
    return ConnectionProblem.of(
        settings.broker()
            + " closed the connection before it answered; check that it speaks MQTT 5 and"
            + " whether it wants a client certificate (keystore)");
  }

  private @Nullable ConnectionProblem known(Throwable t) {
    if (t instanceof UnknownHostException || t instanceof UnresolvedAddressException) {
      return ConnectionProblem.of(
          "the host of " + settings.broker() + " is not known; correct broker");
    }
    if (t instanceof ConnectException) {
      return ConnectionProblem.of(
          "nothing listens at " + settings.broker() + "; start the broker or correct broker");
    }
    if (t instanceof SocketTimeoutException) {
      return ConnectionProblem.of(
          settings.broker() + " did not answer in time; check broker and network");
    }
    if (t instanceof CertificateExpiredException || t instanceof CertificateNotYetValidException) {
      return ConnectionProblem.of(
          "the certificate of "
              + settings.broker()
              + " is not valid at this time; have it renewed, or set this machine's clock");
    }
    if (t instanceof CertPathBuilderException || t instanceof CertPathValidatorException) {
      return untrusted();
    }
    if (t instanceof CertificateException && t.getCause() == null) {
      return ConnectionProblem.of(
          "the certificate of "
              + settings.broker()
              + " does not name this host ("
              + t.getMessage()
              + "); write broker with a name that the certificate has");
    }
    return null;
  }

  private ConnectionProblem untrusted() {
    return ConnectionProblem.of(
        "the certificate of "
            + settings.broker()
            + " is not trusted by ca "
            + settings.ca()
            + "; compare it at the broker, then put its CA or itself there as PEM");
  }

  private ConnectionProblem refused(int reason) {
    if (reason == MqttReturnCode.RETURN_CODE_BAD_USERNAME_OR_PASSWORD
        || reason == MqttReturnCode.RETURN_CODE_NOT_AUTHORIZED) {
      return ConnectionProblem.slow(
          "the broker refused "
              + (settings.user().isEmpty()
                  ? "a client without user"
                  : "user \"" + settings.user() + "\"")
              + " (reason "
              + reason
              + "); correct user and password; it is tried again seldom, because servers lock"
              + " accounts");
    }
    if (reason == MqttReturnCode.RETURN_CODE_IDENTIFIER_NOT_VALID) {
      return ConnectionProblem.slow(
          "the broker refused the client id \""
              + settings.clientId()
              + "\"; set client.id as the broker wants it");
    }
    if (reason == MqttReturnCode.RETURN_CODE_UNSUPPORTED_PROTOCOL_VERSION) {
      return ConnectionProblem.slow(
          settings.broker() + " does not speak MQTT 5; use one that does");
    }
    return ConnectionProblem.of(
        settings.broker()
            + " refused the connection (reason "
            + reason
            + "); see the broker's log");
  }

  /** The connection was there and is not any more. */
  ConnectionProblem ofLoss(MqttDisconnectResponse response) {
    int reason = response.getException() == null ? response.getReturnCode() : 0;
    if (reason == MqttReturnCode.RETURN_CODE_SESSION_TAKEN_OVER) {
      return ConnectionProblem.slow(
          "another client took over the client id \""
              + settings.clientId()
              + "\"; set another client.id at one of the two");
    }
    return ConnectionProblem.of(
        "the connection to "
            + settings.broker()
            + " was lost"
            + (reason == 0 ? "" : " (reason " + reason + ")")
            + "; it is made again");
  }

  /** The connection is not usable any more. */
  ConnectionProblem lost() {
    return ConnectionProblem.of(
        "the connection to " + settings.broker() + " was lost; it is made again");
  }
}
