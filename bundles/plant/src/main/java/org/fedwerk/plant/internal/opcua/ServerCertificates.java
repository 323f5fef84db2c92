// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.plant.internal.opcua;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import org.eclipse.milo.opcua.stack.core.NodeIds;
import org.eclipse.milo.opcua.stack.core.security.CertificateManager;
import org.eclipse.milo.opcua.stack.core.security.CertificateStore;
import org.eclipse.milo.opcua.stack.core.security.DefaultApplicationGroup;
import org.eclipse.milo.opcua.stack.core.security.DefaultCertificateManager;
import org.eclipse.milo.opcua.stack.core.security.MemoryCertificateQuarantine;
import org.eclipse.milo.opcua.stack.core.security.MemoryCertificateStore;
import org.eclipse.milo.opcua.stack.core.security.MemoryTrustListManager;
import org.eclipse.milo.opcua.stack.core.security.RsaSha256CertificateFactory;

/** What a server shows and whom it trusts, in the terms of the library. */
public final class ServerCertificates {
  private ServerCertificates() {}

  /**
   * One key, whose certificate is shown as it is.
   *
   * @throws GeneralSecurityException if the library cannot use the key
   */
  public static CertificateManager of(ApplicationKey key, TrustedFolder clients)
      throws GeneralSecurityException {
    return new DefaultCertificateManager(
        new MemoryCertificateQuarantine(),
        new DefaultApplicationGroup(
            new MemoryTrustListManager(), store(key), new Given(key), clients));
  }

  private static CertificateStore store(ApplicationKey key) throws GeneralSecurityException {
    var store = new MemoryCertificateStore();
    try {
      store.set(
          NodeIds.RsaSha256ApplicationCertificateType,
          new CertificateStore.Entry(
              key.keys().getPrivate(), new X509Certificate[] {key.certificate()}));
    } catch (Exception failed) { // the store declares no narrower type
      throw new GeneralSecurityException("the server's certificate cannot be used", failed);
    }
    return store;
  }

  /** The certificate is given; none is ever made by the library. */
  private static final class Given extends RsaSha256CertificateFactory {
    private final ApplicationKey key;

    Given(ApplicationKey key) {
      this.key = key;
    }

    @Override
    protected X509Certificate[] createRsaSha256CertificateChain(KeyPair keyPair) {
      return new X509Certificate[] {key.certificate()};
    }
  }
}
