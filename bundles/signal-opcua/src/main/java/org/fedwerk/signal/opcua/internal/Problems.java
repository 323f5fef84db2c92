// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.opcua.internal;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.jspecify.annotations.Nullable;

/** Puts failures into words for the operator of one source. */
final class Problems {
  private static final Set<Long> USER_REFUSED =
      Set.of(
          StatusCodes.Bad_UserAccessDenied,
          StatusCodes.Bad_IdentityTokenRejected,
          StatusCodes.Bad_IdentityTokenInvalid);
  private static final Set<Long> CLIENT_REFUSED =
      Set.of(
          StatusCodes.Bad_SecurityChecksFailed,
          StatusCodes.Bad_CertificateUntrusted,
          StatusCodes.Bad_CertificateInvalid,
          StatusCodes.Bad_CertificateChainIncomplete,
          StatusCodes.Bad_CertificateUriInvalid,
          StatusCodes.Bad_CertificateTimeInvalid,
          StatusCodes.Bad_CertificateUseNotAllowed,
          StatusCodes.Bad_CertificateRevoked);

  private final OpcUaSettings settings;
  private final @Nullable ApplicationCertificate certificate;
  private final CertificateFolders folders;

  Problems(
      OpcUaSettings settings,
      @Nullable ApplicationCertificate certificate,
      CertificateFolders folders) {
    this.settings = settings;
    this.certificate = certificate;
    this.folders = folders;
  }

  ConnectionProblem lost() {
    return ConnectionProblem.of("the connection to " + settings.endpoint() + " was lost");
  }

  ConnectionProblem silent(Duration waited) {
    return ConnectionProblem.of(
        settings.endpoint()
            + " did not answer within "
            + waited.toSeconds()
            + " s; check server and network");
  }

  ConnectionProblem ofServerCertificate(@Nullable X509Certificate server, UaException refused) {
    String status = nameOf(refused.getStatusCode().value());
    if (server == null) {
      return ConnectionProblem.of(
          "the server shows no certificate that can be read (" + status + ")");
    }
    String thumbprint = CertificateFolders.thumbprint(server);
    String subject = server.getSubjectX500Principal().getName();
    boolean isWaiting = folders.pending().stream().anyMatch(p -> p.thumbprint().equals(thumbprint));
    if (isWaiting) {
      return ConnectionProblem.waiting(
          "the server's certificate \""
              + subject
              + "\" is not trusted; compare its thumbprint "
              + thumbprint
              + " at the server, then trust it by fedwerk:trust "
              + thumbprint.substring(0, 8)
              + " (it lies in "
              + folders.rejected()
              + ")");
    }
    return ConnectionProblem.of(
        "the server's certificate \""
            + subject
            + "\" cannot be accepted ("
            + status
            + "); have it replaced at the server");
  }

  ConnectionProblem of(Throwable failed) {
    for (Throwable t = failed; t != null; t = t.getCause()) {
      if (t instanceof UnknownHostException || t instanceof UnresolvedAddressException) {
        return ConnectionProblem.of(
            "the host of " + settings.endpoint() + " is not known; correct endpoint");
      }
      if (t instanceof ConnectException) {
        return notThere();
      }
    }
    Optional<UaException> ua = UaException.extract(failed);
    if (ua.isEmpty()) {
      return ConnectionProblem.of(
          settings.endpoint() + " cannot be used: " + failed.getClass().getSimpleName());
    }
    long status = ua.get().getStatusCode().value();
    if (USER_REFUSED.contains(status)) {
      return ConnectionProblem.refusedUser(
          "the server refused "
              + (settings.user().isEmpty()
                  ? "an anonymous session"
                  : "user \"" + settings.user() + "\"")
              + " ("
              + nameOf(status)
              + "); correct user and password; it is tried again seldom, because servers lock"
              + " accounts");
    }
    if (certificate != null && CLIENT_REFUSED.contains(status)) {
      return ConnectionProblem.of(
          "the server refused this client's certificate ("
              + nameOf(status)
              + "); have "
              + certificate.file()
              + " (thumbprint "
              + CertificateFolders.thumbprint(certificate.own())
              + ") trusted at the server");
    }
    if (status == StatusCodes.Bad_ConnectionRejected) {
      return notThere();
    }
    if (status == StatusCodes.Bad_ConnectionClosed || status == StatusCodes.Bad_SessionClosed) {
      return lost();
    }
    return ConnectionProblem.of(settings.endpoint() + " answered " + nameOf(status));
  }

  private ConnectionProblem notThere() {
    return ConnectionProblem.of(
        "nothing listens at " + settings.endpoint() + "; start the server or correct endpoint");
  }

  /** The name of a status code, for example {@code Bad_NodeIdUnknown}. */
  static String nameOf(long status) {
    return StatusCodes.lookup(status)
        .map(words -> words[0])
        .orElse("status 0x" + Long.toHexString(status));
  }
}
