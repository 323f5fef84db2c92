// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.message;

/**
 * Who speaks: a certificate's URI name is {@code urn:fedwerk:<federation>:<role>:<id>}.
 *
 * @param role what it may do
 * @param id lower case letters, digits, dashes; 1 to 40 characters
 */
public record Party(Role role, String id) {
  /** What a certificate may speak as. */
  public enum Role {
    SITE,
    COORDINATOR;

    /** The word in URI names. */
    public String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  public Party {
    if (!id.matches("[a-z0-9][a-z0-9-]{0,39}")) {
      throw new IllegalArgumentException(
          "\"" + id + "\" is no id: use 1 to 40 lower case letters, digits and dashes");
    }
  }

  /** The URI name in a federation. */
  public String urn(String federation) {
    return "urn:fedwerk:" + federation + ":" + role.word() + ":" + id;
  }

  @Override
  public String toString() {
    return role.word() + " " + id;
  }
}
