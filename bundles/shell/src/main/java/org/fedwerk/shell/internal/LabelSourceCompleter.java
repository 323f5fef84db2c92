// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import java.util.Collection;
import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.fedwerk.api.signal.SignalSource;
import org.jspecify.annotations.Nullable;

/** Completes names of the sources of this process that bring labels. */
@Service
public final class LabelSourceCompleter extends NamesCompleter {
  @Reference(optional = true)
  private @Nullable List<SignalSource> sources;

  @Override
  Collection<String> names() {
    return Injected.of(sources).stream()
        .filter(source -> !source.labels().isEmpty())
        .map(SignalSource::name)
        .toList();
  }
}
