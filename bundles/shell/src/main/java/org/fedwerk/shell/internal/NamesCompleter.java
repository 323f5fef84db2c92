// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import java.util.Collection;
import java.util.List;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;

/** Completes a word from the names that there are when the key is pressed. */
abstract class NamesCompleter implements Completer {
  /** The names; none where the service that knows them is not in this process. */
  abstract Collection<String> names();

  @Override
  public final int complete(Session session, CommandLine line, List<String> candidates) {
    return new StringsCompleter(names()).complete(session, line, candidates);
  }
}
