// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.metrics.internal;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.jmx.JmxConfig;
import io.micrometer.jmx.JmxMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.jspecify.annotations.Nullable;

/** The registries of a process: JMX for consoles on this machine, Prometheus for the endpoint. */
final class Registries implements AutoCloseable {
  static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
  static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

  private final CompositeMeterRegistry all = new CompositeMeterRegistry();
  private final PrometheusMeterRegistry prometheus =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JmxMeterRegistry jmx = new JmxMeterRegistry(new Jmx(), Clock.SYSTEM);
  private final MeterBook book = new MeterBook(all);

  Registries() {
    all.add(prometheus);
    all.add(jmx);
  }

  private static final class Jmx implements JmxConfig {
    @Override
    public String domain() {
      return "org.fedwerk";
    }

    @Override
    public @Nullable String get(String key) {
      return null;
    }
  }

  MeterBook book() {
    return book;
  }

  /** Everything of now, as Prometheus reads it. @param format {@link #TEXT} or the other */
  String scrape(String format) {
    book.refresh();
    return prometheus.scrape(format);
  }

  @Override
  public void close() {
    all.close();
    prometheus.close();
    jmx.close();
  }
}
