// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.baseline;

import java.util.List;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.Example;

/**
 * A site's labelled examples, for baselines that a federation is compared with.
 *
 * @param site the site's id
 * @param examples all of them, each with its role
 */
public record SiteExamples(String site, List<Example> examples) {
  public SiteExamples {
    examples = List.copyOf(examples);
  }

  /** Those of one role, in order. */
  public List<Example> of(DataRole role) {
    return examples.stream().filter(each -> each.role() == role).toList();
  }
}
