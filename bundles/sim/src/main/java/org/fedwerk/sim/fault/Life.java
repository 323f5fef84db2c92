// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.fault;

/**
 * One run of an actor's process, from start to kill. After the kill nothing of it may write, send
 * or run any more; whatever tries meets {@link Stopped}.
 */
public final class Life {
  private volatile boolean over;

  /** True until the kill. */
  public boolean goesOn() {
    return !over;
  }

  /** Ends it. */
  public void end() {
    over = true;
  }

  /** Ends it in the middle of a step: the error unwinds the step as a kill would cut it. */
  public Stopped stop() {
    over = true;
    return new Stopped(this);
  }

  /** Lets a step of this life go on, and none of one that is over. */
  public void check() {
    if (over) {
      throw new Stopped(this);
    }
  }

  /** An actor was killed; no code of a room catches it. */
  public static final class Stopped extends Error {
    private static final long serialVersionUID = 1L;
    private final transient Life life;

    Stopped(Life life) {
      super("killed on purpose", null, false, false);
      this.life = life;
    }

    /** Whose end it is. */
    public Life life() {
      return life;
    }
  }
}
