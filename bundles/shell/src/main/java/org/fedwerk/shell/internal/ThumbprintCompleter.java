// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import java.util.Collection;
import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.fedwerk.api.identity.CertificateTrust;
import org.jspecify.annotations.Nullable;

/** Completes thumbprints of certificates that wait for trust. */
@Service
public final class ThumbprintCompleter extends NamesCompleter {
  @Reference(optional = true)
  private @Nullable List<CertificateTrust> trusts;

  @Override
  Collection<String> names() {
    return Injected.of(trusts).stream()
        .flatMap(trust -> trust.pending().stream())
        .map(CertificateTrust.Pending::thumbprint)
        .toList();
  }
}
