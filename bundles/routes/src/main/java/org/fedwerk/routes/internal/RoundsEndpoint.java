// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.routes.internal;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.coordinator.Coordination;
import org.fedwerk.api.coordinator.Coordination.RoundRecord;
import org.fedwerk.api.coordinator.Coordination.TaskRun;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code fedwerk:rounds}: gives each committed round of the coordinator's history, oldest first. A
 * round whose route fails comes again.
 */
final class RoundsEndpoint extends FedwerkEndpoint {
  private static final Logger log = LoggerFactory.getLogger(RoundsEndpoint.class);
  private static final int USUAL_PERIOD = 2000;
  private static final int MOST_PERIOD = 3_600_000;

  private final String task;
  private final boolean json;
  private final boolean history;
  private final Duration period;

  RoundsEndpoint(String uri, FedwerkComponent component, Services services, Options options) {
    super(uri, component, services, "rounds");
    task = options.text("task", "");
    json = options.word("body", "json", List.of("json", "record")).equals("json");
    history = options.flag("history", true);
    period = options.millis("period", USUAL_PERIOD, 100, MOST_PERIOD);
  }

  @Override
  public Consumer createConsumer(Processor processor) throws Exception {
    Reading consumer = new Reading(this, processor);
    configureConsumer(consumer);
    return consumer;
  }

  private final class Reading extends LoopConsumer {
    private final Map<Digest, Integer> told = new HashMap<>();
    private boolean first = true;

    Reading(FedwerkEndpoint endpoint, Processor processor) {
      super(endpoint, processor);
    }

    @Override
    void step() throws InterruptedException {
      Optional<Coordination> coordination = services().coordination();
      if (coordination.isPresent()) {
        look(coordination.get());
      }
      TimeUnit.MILLISECONDS.sleep(period.toMillis());
    }

    private void look(Coordination coordination) {
      Set<Digest> present = new HashSet<>();
      for (TaskRun run : coordination.tasks()) {
        if (task.isEmpty() || task.equals(run.name())) {
          present.add(run.digest());
          look(coordination, run);
        }
      }
      told.keySet().retainAll(present);
      first = false;
    }

    private void look(Coordination coordination, TaskRun run) {
      List<RoundRecord> rounds;
      try {
        rounds = coordination.rounds(run.digest().hex());
      } catch (RefusedException gone) {
        log.debug("The rounds of {} cannot be read: {}", run.name(), gone.getMessage());
        return;
      }
      int done = told.getOrDefault(run.digest(), first && !history ? rounds.size() : 0);
      while (done < rounds.size()) {
        RoundRecord round = rounds.get(done);
        if (through(exchange -> fill(exchange, run.name(), round)) != null) {
          break;
        }
        done++;
      }
      told.put(run.digest(), done);
    }

    private void fill(Exchange exchange, String name, RoundRecord round) {
      Message message = exchange.getIn();
      message.setHeader(Headers.TASK, name);
      message.setHeader(Headers.ROUND, round.round());
      message.setHeader(Headers.PROTOCOL, round.protocol());
      message.setBody(json ? Told.json(name, round) : round);
    }
  }
}
