// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.data;

/** What an example may be used for; decided once, when it is stored. */
public enum DataRole {
  TRAIN,
  VALIDATION,
  TEST
}
