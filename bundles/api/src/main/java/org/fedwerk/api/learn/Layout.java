// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.learn;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.fedwerk.api.Digest;

/**
 * How a float32 vector is divided into parameters: entries without gaps, in the order of offsets.
 *
 * @param entries the pieces
 */
public record Layout(List<LayoutEntry> entries) {
  public Layout {
    entries = List.copyOf(entries);
    int next = 0;
    for (LayoutEntry entry : entries) {
      if (entry.offset() != next) {
        throw new IllegalArgumentException(
            "layout entry " + entry.name() + " begins at " + entry.offset() + ", expected " + next);
      }
      next = Math.addExact(next, entry.size());
    }
  }

  /** Number of elements of the whole vector. */
  public int size() {
    return entries.isEmpty() ? 0 : last().offset() + last().size();
  }

  private LayoutEntry last() {
    return entries.get(entries.size() - 1);
  }

  /** One line per entry, {@code name role [shape] offset}, which the digest is made of. */
  public String text() {
    StringBuilder text = new StringBuilder();
    for (LayoutEntry entry : entries) {
      text.append(entry.name()).append(' ').append(entry.role()).append(' ');
      text.append(Arrays.toString(entry.shape())).append(' ').append(entry.offset()).append('\n');
    }
    return text.toString();
  }

  /** SHA-256 over {@link #text()} in UTF-8. */
  public Digest digest() {
    return Digest.of(text().getBytes(StandardCharsets.UTF_8));
  }
}
