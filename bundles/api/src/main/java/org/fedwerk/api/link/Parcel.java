// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.link;

/** A sealed message on its way by a carrier, who answers it once. */
public interface Parcel {
  /** Where the message goes. */
  Address address();

  /** Id of the one process that this copy is for: a site, or the coordinator. */
  String recipient();

  /** The sealed bytes; not to be changed. */
  byte[] payload();

  /** The carrier has it, and answers for it from now on. */
  void carried();

  /** The carrier could not take it: it waits again, before all others. */
  void failed(String why);
}
