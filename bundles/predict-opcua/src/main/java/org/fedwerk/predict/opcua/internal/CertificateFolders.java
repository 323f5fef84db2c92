// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.predict.opcua.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.cert.CRL;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.security.CertificateValidator;
import org.eclipse.milo.opcua.stack.core.security.DefaultServerCertificateValidator;
import org.eclipse.milo.opcua.stack.core.security.MemoryCertificateQuarantine;
import org.eclipse.milo.opcua.stack.core.security.MemoryTrustListManager;
import org.eclipse.milo.opcua.stack.core.util.CertificateUtil;
import org.eclipse.milo.opcua.stack.core.util.validation.ValidationCheck;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.identity.CertificateTrust.Pending;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trusted and rejected client certificates as files (Part 12, 7.8): {@code trusted/certs}, {@code
 * trusted/crl}, {@code issuers/certs}, {@code issuers/crl}, {@code rejected}. Read anew for every
 * check, so that a file put there counts at the next connection.
 */
final class CertificateFolders implements CertificateValidator {
  private static final Logger LOG = LoggerFactory.getLogger(CertificateFolders.class);
  private static final int MOST_REJECTED = 32;
  private static final int LEAST_DIGITS = 8;

  private final Path trusted;
  private final Path trustedCrl;
  private final Path issuers;
  private final Path issuersCrl;
  private final Path rejected;
  private final boolean trustAll;

  /**
   * Opens nothing yet.
   *
   * @param folder holds the folders
   * @param trustAll true to take every certificate that is valid by itself
   */
  CertificateFolders(Path folder, boolean trustAll) {
    this.trustAll = trustAll;
    trusted = folder.resolve("trusted").resolve("certs");
    trustedCrl = folder.resolve("trusted").resolve("crl");
    issuers = folder.resolve("issuers").resolve("certs");
    issuersCrl = folder.resolve("issuers").resolve("crl");
    rejected = folder.resolve("rejected");
  }

  /** Makes the folders, so that people see where to put files. */
  void make() throws ServerProblem {
    try {
      for (Path folder : List.of(trusted, trustedCrl, issuers, issuersCrl, rejected)) {
        Files.createDirectories(folder);
      }
    } catch (IOException unwritable) {
      throw new ServerProblem(
          rejected.getParent() + " cannot be written; check path and rights of folder");
    }
  }

  /**
   * Checks a client's chain.
   *
   * @throws UaException with the status that Part 4, 6.1.3 gives; an untrusted certificate lies in
   *     {@code rejected} then
   */
  @Override
  public void validateCertificateChain(
      List<X509Certificate> chain,
      @Nullable String applicationUri,
      @Nullable String @Nullable [] hostNames)
      throws UaException {
    try {
      if (trustAll) {
        checkAlone(chain.get(0), applicationUri);
      } else {
        checkTrust(chain, applicationUri);
      }
    } catch (UncheckedIOException unreadable) {
      LOG.error("{}; clients are refused until it can be", unreadable.getMessage());
      throw new UaException(StatusCodes.Bad_SecurityChecksFailed);
    }
  }

  private static void checkAlone(X509Certificate certificate, @Nullable String applicationUri)
      throws UaException {
    try {
      certificate.checkValidity();
    } catch (GeneralSecurityException outOfTime) {
      throw new UaException(StatusCodes.Bad_CertificateTimeInvalid);
    }
    if (applicationUri != null
        && !CertificateUtil.getSanUri(certificate).map(applicationUri::equals).orElse(false)) {
      throw new UaException(StatusCodes.Bad_CertificateUriInvalid);
    }
  }

  private void checkTrust(List<X509Certificate> chain, @Nullable String applicationUri)
      throws UaException {
    MemoryTrustListManager trust = new MemoryTrustListManager();
    trust.setTrustedCertificates(certificates(trusted));
    trust.setIssuerCertificates(certificates(issuers));
    trust.setTrustedCrls(revocations(trustedCrl));
    trust.setIssuerCrls(revocations(issuersCrl));
    Set<ValidationCheck> checks =
        EnumSet.of(
            ValidationCheck.APPLICATION_URI, ValidationCheck.VALIDITY, ValidationCheck.REVOCATION);
    MemoryCertificateQuarantine quarantine = new MemoryCertificateQuarantine();
    try {
      new DefaultServerCertificateValidator(trust, checks, quarantine)
          .validateCertificateChain(chain, applicationUri, null);
    } catch (UaException refused) {
      if (!quarantine.getRejectedCertificates().isEmpty()) {
        reject(chain.get(0));
      }
      throw refused;
    }
  }

  /** Certificates that wait. */
  List<Pending> pending() {
    return certificates(rejected).stream()
        .map(
            c ->
                new Pending(
                    thumbprint(c),
                    c.getSubjectX500Principal().getName(),
                    c.getNotAfter().toInstant().toString()))
        .toList();
  }

  /** Moves one from rejected to trusted. */
  void trust(String thumbprint) throws RefusedException {
    String wanted = thumbprint.replace(":", "").strip().toLowerCase(Locale.ROOT);
    List<X509Certificate> matching =
        certificates(rejected).stream().filter(c -> thumbprint(c).startsWith(wanted)).toList();
    if (wanted.length() < LEAST_DIGITS) {
      throw new RefusedException("thumbprint", "give at least its first 8 digits");
    }
    if (matching.size() != 1) {
      throw new RefusedException(
          "thumbprint",
          matching.size()
              + " waiting certificates begin with "
              + wanted
              + "; those that wait lie in "
              + rejected);
    }
    String file = thumbprint(matching.get(0)) + ".der";
    try {
      Files.createDirectories(trusted);
      Files.move(
          rejected.resolve(file), trusted.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException failed) {
      throw new RefusedException(
          "certificate", rejected.resolve(file) + " cannot be moved to " + trusted);
    }
  }

  private void reject(X509Certificate certificate) {
    try {
      Files.createDirectories(rejected);
      Path file = rejected.resolve(thumbprint(certificate) + ".der");
      if (!Files.exists(file)) {
        LOG.warn(
            "client {} is not trusted and was refused; to let it in: fedwerk:trust {}",
            certificate.getSubjectX500Principal(),
            thumbprint(certificate));
      }
      Files.write(file, encoded(certificate));
      List<Path> files = list(rejected);
      files.stream()
          .sorted(Comparator.comparingLong((Path p) -> p.toFile().lastModified()))
          .limit(Math.max(0, files.size() - MOST_REJECTED))
          .forEach(p -> p.toFile().delete());
    } catch (IOException failed) {
      throw new UncheckedIOException(rejected + " cannot be written", failed);
    }
  }

  /** SHA-1 of the certificate in hexadecimal, the name OPC UA gives it (Part 6, 6.2.2). */
  static String thumbprint(X509Certificate certificate) {
    try {
      return HexFormat.of().formatHex(CertificateUtil.thumbprint(certificate).bytesOrEmpty());
    } catch (UaException impossible) {
      throw new IllegalStateException("a certificate that was read can be written", impossible);
    }
  }

  private static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("a certificate that was read can be written", impossible);
    }
  }

  private static List<X509Certificate> certificates(Path folder) {
    List<X509Certificate> found = new ArrayList<>();
    for (Path file : list(folder)) {
      try (InputStream in = Files.newInputStream(file)) {
        for (Certificate c : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
          found.add((X509Certificate) c);
        }
      } catch (IOException | GeneralSecurityException unreadable) {
        LOG.warn("{} holds no certificate that can be read; it counts for nothing", file);
      }
    }
    return found;
  }

  private static List<X509CRL> revocations(Path folder) {
    List<X509CRL> found = new ArrayList<>();
    for (Path file : list(folder)) {
      try (InputStream in = Files.newInputStream(file)) {
        for (CRL crl : CertificateFactory.getInstance("X.509").generateCRLs(in)) {
          found.add((X509CRL) crl);
        }
      } catch (IOException | GeneralSecurityException unreadable) {
        LOG.warn("{} holds no revocation list that can be read; it counts for nothing", file);
      }
    }
    return found;
  }

  private static List<Path> list(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(folder + " cannot be read", unreadable);
    }
  }
}
