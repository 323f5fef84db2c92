// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.link;

import java.time.Duration;
import org.fedwerk.api.Registration;
import org.jspecify.annotations.Nullable;

/**
 * The end of a link that others carry, for example routes to a folder: what is to leave waits here
 * for a carrier, and what a carrier brings comes in here. The service is there where the link's
 * setting says so. Any thread may call.
 */
public interface Carriage {
  /**
   * Says that somebody carries from now on, until the registration is closed. The link counts as
   * connected while there is at least one carrier.
   */
  Registration carrier();

  /**
   * The next message that waits, oldest first. Each goes to one carrier, which must answer it.
   *
   * @return null if none came in that time
   */
  @Nullable Parcel next(Duration patience) throws InterruptedException;

  /**
   * Brings a message in; returns when every listener has heard it, and so is slow while they are.
   *
   * @throws IllegalArgumentException if it is not for this process, or too large, and so for good
   * @throws LinkException if nobody listens yet or any more: bring it again
   */
  void bring(Address address, byte[] payload) throws LinkException, InterruptedException;
}
