// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.fault;

/** Sees what an actor does to the world; each call may end the actor's life by an error. */
public interface Watch {
  /** Sees nothing. */
  Watch NONE = new Watch() {};

  /** A record is about to be appended. */
  default void before(Life life, String journal, byte[] record) {}

  /** It is in the journal. */
  default void after(Life life, String journal, byte[] record) {}

  /** A message was handed to the link, or a blob was kept or removed. */
  default void effect(Life life) {}

  /** Both, one after the other. */
  default Watch and(Watch other) {
    Watch first = this;
    return new Watch() {
      @Override
      public void before(Life life, String journal, byte[] record) {
        first.before(life, journal, record);
        other.before(life, journal, record);
      }

      @Override
      public void after(Life life, String journal, byte[] record) {
        first.after(life, journal, record);
        other.after(life, journal, record);
      }

      @Override
      public void effect(Life life) {
        first.effect(life);
        other.effect(life);
      }
    };
  }
}
