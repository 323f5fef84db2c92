// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.schedule;

import java.util.function.UnaryOperator;
import org.fedwerk.api.store.Blobs;
import org.fedwerk.api.store.Journal;
import org.fedwerk.api.store.Storage;
import org.fedwerk.sim.fault.RecordType;

/** Records of one type are never written. */
final class Losing implements Mutant.Bug {
  private final RecordType lost;

  Losing(String journal, int type) {
    lost = new RecordType(journal, type);
  }

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
            return new Passing(storage.journal(name)) {
              @Override
              public long append(byte[] record) {
                return RecordType.of(name, record).equals(lost)
                    ? journal.last() + 1
                    : journal.append(record);
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
