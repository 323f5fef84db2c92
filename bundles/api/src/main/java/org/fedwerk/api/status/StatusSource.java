// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.status;

import java.util.List;

/**
 * A room's own account of how it is; {@code fedwerk:status} shows all of them. Any thread may call;
 * it answers at once.
 */
public interface StatusSource {
  /** The lines of this room, at least one. */
  List<StatusLine> status();
}
