// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.message;

import java.util.Locale;

/** Kinds of messages; the lower-case name is the topic level. */
public enum Kind {
  /** Coordinator to all or one: a task document. */
  TASK(true, Party.Role.COORDINATOR),
  /** Coordinator to all (retained) or one: what to do now. */
  PLAN(true, Party.Role.COORDINATOR),
  /** Coordinator to one: a reply was taken or refused. */
  RECEIPT(true, Party.Role.COORDINATOR),
  /** Site to coordinator on every connect: where it stands. */
  SYNC(true, Party.Role.SITE),
  /** Site to coordinator: whether it takes part in a task, and with how many examples. */
  READY(true, Party.Role.SITE),
  /** Site to coordinator: still working. */
  PROGRESS(true, Party.Role.SITE),
  /** Site to coordinator: the signed list of what a reply consists of. */
  MANIFEST(true, Party.Role.SITE),
  /** Site to coordinator: leaves the round or the task. */
  LEAVE(true, Party.Role.SITE),
  /** Either way: asks for chunks by digest. */
  FETCH(true, null),
  /** Either way: one raw chunk, addressed by the SHA-256 of its bytes; not sealed. */
  CHUNK(false, null),
  /** Coordinator to one: which model it is to deploy, where a task's models are promoted. */
  ASSIGNMENT(true, Party.Role.COORDINATOR),
  /** Site to coordinator: which models it has loaded, and how they do. */
  RUNNING(true, Party.Role.SITE),
  /** Site to coordinator: its parts are no longer like those it trained on; it asks for rounds. */
  DRIFT(true, Party.Role.SITE);

  private final boolean sealed;
  private final Party.@org.jspecify.annotations.Nullable Role sender;

  Kind(boolean sealed, Party.@org.jspecify.annotations.Nullable Role sender) {
    this.sealed = sealed;
    this.sender = sender;
  }

  /** True if the payload is a sealed message. */
  public boolean isSealed() {
    return sealed;
  }

  /** True if a party of this role may send it. */
  public boolean mayBeSentBy(Party.Role role) {
    return sender == null || sender == role;
  }

  /** The topic level. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
