// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import java.util.Collection;
import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.fedwerk.api.signal.SignalBrowser;
import org.jspecify.annotations.Nullable;

/** Completes names of the sources whose server can be browsed. */
@Service
public final class SourceCompleter extends NamesCompleter {
  @Reference(optional = true)
  private @Nullable List<SignalBrowser> browsers;

  @Override
  Collection<String> names() {
    return Injected.of(browsers).stream().map(SignalBrowser::name).toList();
  }
}
