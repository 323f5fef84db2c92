// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.CommandException;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.identity.CertificateTrust;
import org.jspecify.annotations.Nullable;

/** OPC UA certificates that wait for the owner's trust. */
@Service
@Command(
    scope = "fedwerk",
    name = "trust",
    description = "Lists OPC UA certificates that wait, or trusts one by its thumbprint")
public final class TrustCommand implements Action {
  @Reference(optional = true)
  private @Nullable List<CertificateTrust> trusts;

  @Argument(name = "thumbprint", description = "SHA-1 of the certificate, at least 8 digits")
  @Completion(ThumbprintCompleter.class)
  private @Nullable String thumbprint;

  @Option(name = "--json", description = "One line of JSON for programs")
  private boolean json;

  @Override
  public @Nullable Object execute() throws CommandException {
    List<CertificateTrust> all = Injected.of(trusts);
    if (thumbprint == null) {
      list(all);
      return null;
    }
    Set<String> refusals = new LinkedHashSet<>();
    List<String> trusting = new ArrayList<>();
    for (CertificateTrust trust : all) {
      try {
        trust.trust(thumbprint);
        trusting.add(trust.owner());
      } catch (RefusedException notHere) {
        refusals.add(trust.owner() + ": " + notHere.getMessage());
      }
    }
    if (trusting.isEmpty()) {
      throw Refused.absent(
          refusals.isEmpty()
              ? "nothing in this process has certificates to trust"
              : Listing.plain(String.join("; ", refusals)));
    }
    trusted(trusting, thumbprint);
    return null;
  }

  private void trusted(List<String> owners, String thumbprint) {
    Listing listing = new Listing("");
    for (String owner : owners) {
      listing.row().put("trusted by", owner).put("thumbprint", thumbprint);
      if (!json) {
        System.out.println("trusted by " + owner);
      }
    }
    if (json) {
      listing.print(System.out, true);
    }
  }

  private void list(List<CertificateTrust> all) {
    Listing listing =
        new Listing("no certificate waits", "owner", "thumbprint", "subject", "not after");
    for (CertificateTrust trust : all) {
      for (CertificateTrust.Pending pending : trust.pending()) {
        listing
            .row()
            .put("owner", trust.owner())
            .put("thumbprint", pending.thumbprint())
            .put("subject", pending.subject())
            .put("not after", pending.notAfter());
      }
    }
    listing.print(System.out, json);
  }
}
