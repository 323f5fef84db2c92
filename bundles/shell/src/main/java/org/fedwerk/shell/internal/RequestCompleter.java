// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import java.util.Collection;
import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** Completes what a task may ask of examples. */
@Service
public final class RequestCompleter extends NamesCompleter {
  @Override
  Collection<String> names() {
    return List.of("statistics", "train", "evaluate", "test");
  }
}
