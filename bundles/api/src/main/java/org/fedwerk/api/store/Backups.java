// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.store;

import java.nio.file.Path;
import org.fedwerk.api.RefusedException;

/**
 * Takes the state of this process into a file and back. A backup is what a kill at that moment
 * would have left on disk. Keys and certificates are not state and never in it.
 */
public interface Backups {
  /**
   * What a backup holds.
   *
   * @param file where it is
   * @param files files in it
   * @param bytes bytes of them
   * @param epoch the epoch: of a backup that of the state, of a restore the raised one
   */
  record Summary(Path file, int files, long bytes, long epoch) {}

  /**
   * Writes a backup while the process works; writers wait meanwhile.
   *
   * @param file is made; its folder exists
   * @throws RefusedException if it exists, the state is not open, or it cannot be written
   */
  Summary backup(Path file) throws RefusedException;

  /**
   * Puts a backup in the place of the state and raises the epoch. The other rooms stop before and
   * start again on it; what was there is kept in a folder beside.
   *
   * @param replace true if a state that is not empty may be replaced
   * @param leastEpoch the new epoch is at least this; 0 for one more than the backup's and this
   *     folder's
   * @throws RefusedException if the file is no whole backup, or the state is not empty
   */
  Summary restore(Path file, boolean replace, long leastEpoch) throws RefusedException;
}
