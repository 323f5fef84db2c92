// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.task.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import org.fedwerk.api.Refusal;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.task.ContributionSpec;
import org.fedwerk.api.task.ContributionSpec.Kind;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContributionSectionTest {
  private static @Nullable ContributionSpec contribution(String groups) throws RefusedException {
    return new YamlTaskReader().read(RefusalsTest.LEAST + groups).task().contribution();
  }

  @Test
  void withoutAGroupNothingIsFound() throws RefusedException {
    assertNull(contribution(""));
  }

  @Test
  void whatTheTaskLeavesOutHasDefaults() throws RefusedException {
    assertEquals(
        new ContributionSpec(Set.of(Kind.LEAVE_ONE_OUT, Kind.MATRIX), 10),
        contribution("contribution: {of: [leave-one-out, matrix]}\n"));
    assertEquals(
        new ContributionSpec(Set.of(Kind.SHAPLEY), 4),
        contribution("contribution: {of: [shapley], permutations: 4}\n"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}                                     | contribution.of           | is missing; give a list of leave-one-out, shapley, matrix
          {of: []}                               | contribution.of           | allowed are 1 to 3
          {of: shapley}                          | contribution.of           | is not a list
          {of: [banzhaf]}                        | contribution.of[0]        | use one of leave-one-out, shapley, matrix
          {of: [matrix, matrix]}                 | contribution.of[1]        | matrix stands twice
          {of: [matrix], permutations: 3}        | contribution.permutations | is for shapley
          {of: [shapley], permutations: 101}     | contribution.permutations | from 1 to 100
          {of: [shapley], permutation: 3}        | contribution.permutation  | did you mean "permutations"?
          """)
  void whatIsWrongIsRefusedByNameAndKey(String group, String key, String what) {
    refused("contribution: " + group + "\n", key, what);
  }

  @Test
  void personalModelsThatSitesJudgeInstead() {
    refused(
        "local: {ditto: 0.1}\ncontribution: {of: [matrix]}\n",
        "contribution",
        "does not go with local.ditto");
  }

  @Test
  void sitesThatWouldBePartedInAnotherWay() {
    refused(
        "local: {clusters: 2, split: {}}\ncontribution: {of: [matrix]}\n",
        "contribution",
        "does not go with local.split");
  }

  private static void refused(String groups, String key, String what) {
    RefusedException refused = assertThrows(RefusedException.class, () -> contribution(groups));
    Refusal first = refused.refusals().get(0);
    assertEquals(key, first.where());
    assertTrue(first.line() > 0 && first.what().contains(what), first.toString());
  }
}
