// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.routes.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.fedwerk.api.Registration;
import org.fedwerk.api.metric.Measurement;
import org.fedwerk.api.metric.MetricSource;
import org.fedwerk.api.metric.QueueLevel;
import org.fedwerk.api.predict.DeploymentState;
import org.fedwerk.api.predict.LearningState;
import org.fedwerk.api.predict.Prediction;
import org.fedwerk.api.predict.PredictionSink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code fedwerk:predictions}: gives each prediction of the site. Predicting never waits for a
 * route: beyond the queue the oldest is left out and counted.
 */
final class PredictionsEndpoint extends FedwerkEndpoint {
  private static final Logger log = LoggerFactory.getLogger(PredictionsEndpoint.class);
  private static final long PATIENCE_MILLIS = 500;
  private static final int USUAL_QUEUE = 1000;
  private static final int MOST_QUEUE = 100_000;

  private final String task;
  private final boolean json;
  private final int bound;

  PredictionsEndpoint(String uri, FedwerkComponent component, Services services, Options options) {
    super(uri, component, services, "predictions");
    task = options.text("task", "");
    json = options.word("body", "json", List.of("json", "record")).equals("json");
    bound = options.number("queue", USUAL_QUEUE, 1, MOST_QUEUE);
  }

  @Override
  public Consumer createConsumer(Processor processor) throws Exception {
    Hearing consumer = new Hearing(this, processor);
    configureConsumer(consumer);
    return consumer;
  }

  private final class Hearing extends LoopConsumer implements PredictionSink, MetricSource {
    private final BlockingQueue<Prediction> queue = new ArrayBlockingQueue<>(bound);
    private final AtomicLong leftOut = new AtomicLong();
    private final List<Registration> registrations = new ArrayList<>();

    Hearing(FedwerkEndpoint endpoint, Processor processor) {
      super(endpoint, processor);
    }

    @Override
    public void state(
        String of, DeploymentState deployment, LearningState learning, String detail) {
      // Only predictions are given here; states are shown by fedwerk:status and OPC UA.
    }

    @Override
    public synchronized void publish(Prediction prediction) {
      if (!task.isEmpty() && !task.equals(prediction.task())) {
        return;
      }
      while (!queue.offer(prediction)) {
        if (queue.poll() != null && leftOut.getAndIncrement() == 0) {
          log.warn(
              "fedwerk:predictions: {} wait for a slow route, so the oldest is left out; later ones"
                  + " are only counted",
              bound);
        }
      }
    }

    @Override
    public List<Measurement> measurements() {
      String route = String.valueOf(getRouteId());
      List<Measurement> measured =
          new ArrayList<>(new QueueLevel("route:" + route, queue.size(), bound).things());
      measured.add(
          Measurement.counter(
              "fedwerk.predictions.leftout",
              "",
              "Predictions left out because their route was slow",
              leftOut.get(),
              "route",
              route));
      return measured;
    }

    @Override
    void step() throws InterruptedException {
      Prediction next = queue.poll(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
      if (next == null) {
        return;
      }
      // The route's own error handler has told it, and tries again if it is set to.
      Exception failed = through(exchange -> fill(exchange, next));
      if (failed != null) {
        log.debug("A prediction was not taken by its route", failed);
      }
    }

    private void fill(Exchange exchange, Prediction prediction) {
      Message message = exchange.getIn();
      message.setHeader(Headers.TASK, prediction.task());
      message.setHeader(Headers.SERIAL, prediction.serial());
      message.setHeader(Headers.PREDICTED, prediction.predicted());
      message.setHeader(Headers.TRUST, prediction.trust().name().toLowerCase(Locale.ROOT));
      message.setBody(json ? Told.json(prediction) : prediction);
    }

    @Override
    protected void doStart() throws Exception {
      super.doStart();
      registrations.add(services().listen(this));
      registrations.add(services().measure(this));
    }

    @Override
    protected void doStop() throws Exception {
      registrations.forEach(Registration::close);
      registrations.clear();
      super.doStop();
    }
  }
}
