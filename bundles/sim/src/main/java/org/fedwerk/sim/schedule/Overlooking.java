// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.schedule;

import java.util.function.UnaryOperator;
import org.fedwerk.api.store.Blobs;
import org.fedwerk.api.store.Journal;
import org.fedwerk.api.store.Storage;

/** Reading the run history stops one record too early, as with an off-by-one bound. */
final class Overlooking implements Mutant.Bug {
  @Override
  public UnaryOperator<Storage> storage(String actor) {
    return storage ->
        new Storage() {
          @Override
          public long epoch() {
            return storage.epoch();
          }

          @Override
          public Journal journal(String name) {
            Journal journal = storage.journal(name);
            return !name.endsWith("/history")
                ? journal
                : new Passing(journal) {
                  @Override
                  public void replay(long from, Visitor visitor) {
                    long last = last();
                    journal.replay(
                        from,
                        (sequence, record) -> {
                          if (sequence == 1 || sequence < last) {
                            visitor.record(sequence, record);
                          }
                        });
                  }
                };
          }

          @Override
          public Blobs blobs() {
            return storage.blobs();
          }
        };
  }
}
