// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.task.internal;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** The known word that a misspelt one probably means. */
final class Nearest {
  private Nearest() {}

  /** The nearest word, if no more than a third of its letters (at least one) are wrong. */
  static Optional<String> to(String misspelt, Collection<String> known) {
    // Longer words cannot be near anything known, and distance costs the product of lengths.
    if (misspelt.length() > 64) {
      return Optional.empty();
    }
    String plain = plain(misspelt);
    return known.stream()
        .min(Comparator.comparingInt(word -> distance(plain, plain(word))))
        .filter(word -> distance(plain, plain(word)) <= Math.max(1, word.length() / 3));
  }

  /** Case and the choice of separator are no misspelling worth a point. */
  private static String plain(String word) {
    return word.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "").replace(" ", "");
  }

  /** Least number of inserted, deleted, replaced and swapped letters (Damerau 1964). */
  private static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int replaced = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        d[i][j] = Math.min(replaced, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
