// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.message;

/** Who may see a piece of an update. */
public enum Disclosure {
  INDIVIDUAL,
  SUM_ONLY,
  NEVER
}
