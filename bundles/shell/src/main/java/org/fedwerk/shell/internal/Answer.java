// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import java.io.PrintStream;

/** What a command that does something says when it is done: a sentence, or an object in JSON. */
final class Answer {
  private Answer() {}

  /**
   * Prints it.
   *
   * @param json true for programs
   * @param text for people
   * @param fields names and values in turn, for programs
   */
  static void say(PrintStream out, boolean json, String text, Object... fields) {
    if (!json) {
      out.println(Listing.plain(text));
      return;
    }
    Listing listing = new Listing("");
    Listing.Row row = listing.row();
    for (int i = 0; i < fields.length; i += 2) {
      row.put((String) fields[i], fields[i + 1]);
    }
    listing.print(out, true);
  }
}
