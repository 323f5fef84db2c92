// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.plant.internal.opcua;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.security.CertificateValidator;
import org.eclipse.milo.opcua.stack.core.util.CertificateUtil;
import org.fedwerk.api.Digest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trusts exactly the certificates that lie in a folder, as DER or PEM, looked up anew for every
 * connection. One that is not there is put in the folder beside it, {@code rejected}, from where a
 * person may move it.
 */
public final class TrustedFolder implements CertificateValidator {
  private static final Logger LOG = LoggerFactory.getLogger(TrustedFolder.class);

  private final Path trusted;
  private final Path rejected;
  private final boolean all;

  /**
   * Opens the folder.
   *
   * @param folder holds {@code trusted} and {@code rejected}, which are made if absent
   * @param all true to trust every valid certificate whatever is in the folder
   */
  public TrustedFolder(Path folder, boolean all) throws IOException {
    trusted = Files.createDirectories(folder.resolve("trusted"));
    rejected = Files.createDirectories(folder.resolve("rejected"));
    this.all = all;
  }

  @Override
  public void validateCertificateChain(
      List<X509Certificate> chain, @Nullable String uri, @Nullable String @Nullable [] hosts)
      throws UaException {
    X509Certificate certificate = chain.get(0);
    try {
      certificate.checkValidity();
    } catch (GeneralSecurityException outOfTime) {
      throw new UaException(StatusCodes.Bad_CertificateTimeInvalid, outOfTime);
    }
    if (uri != null && !CertificateUtil.getSanUri(certificate).map(uri::equals).orElse(false)) {
      throw new UaException(StatusCodes.Bad_CertificateUriInvalid);
    }
    if (!all && !trusted().contains(certificate)) {
      reject(certificate);
      throw new UaException(StatusCodes.Bad_SecurityChecksFailed);
    }
  }

  private List<X509Certificate> trusted() throws UaException {
    List<X509Certificate> certificates = new ArrayList<>();
    try (Stream<Path> files = Files.list(trusted)) {
      for (Path file : files.toList()) {
        read(file, certificates);
      }
    } catch (IOException unreadable) {
      throw new UaException(StatusCodes.Bad_SecurityChecksFailed, unreadable);
    }
    return certificates;
  }

  private static void read(Path file, List<X509Certificate> certificates) throws IOException {
    try (InputStream stream = Files.newInputStream(file)) {
      certificates.add(
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(stream));
    } catch (GeneralSecurityException noCertificate) {
      LOG.warn("{} is no certificate; only DER and PEM certificates belong there", file);
    }
  }

  private void reject(X509Certificate certificate) throws UaException {
    try {
      byte[] bytes = certificate.getEncoded();
      Path file = rejected.resolve(Digest.of(bytes).brief() + ".der");
      if (!Files.exists(file)) {
        Files.write(file, bytes);
        LOG.warn(
            "a certificate that is not trusted was refused; to trust {} move {} to {}",
            certificate.getSubjectX500Principal(),
            file,
            trusted);
      }
    } catch (IOException | GeneralSecurityException unwritable) {
      throw new UaException(StatusCodes.Bad_SecurityChecksFailed, unwritable);
    }
  }
}
