// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.identity;

import java.time.Duration;
import org.fedwerk.api.RefusedException;

/** The coordinator's side of enrolment. Present where the federation CA lives. */
public interface FederationAuthority {
  /** The federation's name. */
  String federation();

  /**
   * Makes a one-time token for a site.
   *
   * @param site the site's id
   * @param validity how long it can be used
   * @return the token, to be carried to the site's owner by a trusted way
   * @throws RefusedException if the id is not allowed or taken
   */
  String issueToken(String site, Duration validity) throws RefusedException;

  /**
   * Answers the request of a site that cannot reach this process, which a person brought. The same
   * request gets the same answer.
   *
   * @throws RefusedException if its token is not good
   */
  byte[] answer(byte[] request) throws RefusedException;

  /** Revokes a site's certificate at once. */
  void revoke(String site) throws RefusedException;
}
