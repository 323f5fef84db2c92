// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import java.util.Collection;
import java.util.List;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.fedwerk.api.RefusedException;

/** Completes a word from what goes with the word before it. */
abstract class FollowingCompleter implements Completer {
  /**
   * What may stand there.
   *
   * @param before the word before, such as a task
   * @param typed what is typed so far of the word
   * @throws RefusedException if nothing goes with that word; then nothing is completed
   */
  abstract Collection<String> names(String before, String typed) throws RefusedException;

  @Override
  public final int complete(Session session, CommandLine line, List<String> candidates) {
    int at = line.getCursorArgumentIndex();
    String[] words = line.getArguments();
    if (at < 1 || at > words.length) {
      return -1;
    }
    String typed = at < words.length ? words[at] : "";
    try {
      return new StringsCompleter(names(words[at - 1], typed)).complete(session, line, candidates);
    } catch (RefusedException unknown) {
      return -1;
    }
  }
}
