// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.window.internal;

import java.util.List;
import org.fedwerk.api.data.DataRole;

/**
 * Roles by block: neighbouring parts are alike, so whole blocks of them are held out.
 *
 * @param size parts in a row that get one role
 */
record RoleBlocks(int size) {
  private static final List<DataRole> PATTERN =
      List.of(DataRole.TRAIN, DataRole.TRAIN, DataRole.VALIDATION, DataRole.TRAIN, DataRole.TEST);

  DataRole roleOf(long ordinal) {
    return PATTERN.get((int) (ordinal / size % PATTERN.size()));
  }
}
