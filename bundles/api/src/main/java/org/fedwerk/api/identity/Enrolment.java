// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.identity;

import org.fedwerk.api.RefusedException;

/** The site's side of enrolment. Present at every site. */
public interface Enrolment {
  /**
   * Makes a key at the site, proves the token, gets a certificate and keeps all of it; then the
   * {@link Identity} service appears. Blocks for the network.
   *
   * @throws RefusedException if the token is not well-formed, expired, used, or the server is not
   *     the one it names
   */
  void enrol(String token) throws RefusedException;

  /**
   * Makes a key at the site and a request that proves the token, for a site without a network to
   * the coordinator: a person carries it there, and the answer back.
   *
   * @return the request; it holds the token's secret
   * @throws RefusedException as {@link #enrol}
   */
  byte[] request(String token) throws RefusedException;

  /**
   * Takes the answer to the request and keeps what it gives; then the {@link Identity} service
   * appears.
   *
   * @throws RefusedException if nothing was asked here, or it answers something else
   */
  void accept(byte[] answer) throws RefusedException;

  /** One sentence on where it stands, for status. */
  String state();
}
