// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.predict.opcua.internal;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.identity.CertificateTrust;
import org.fedwerk.api.metric.Measurement;
import org.fedwerk.api.metric.MetricSource;
import org.fedwerk.api.predict.DeploymentState;
import org.fedwerk.api.predict.LearningState;
import org.fedwerk.api.predict.Prediction;
import org.fedwerk.api.predict.PredictionSink;
import org.fedwerk.api.status.StatusLine;
import org.fedwerk.api.status.StatusSource;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;

/** The server as a service; without a configuration it is there, closed, and says so. */
@Component(
    service = {
      PredictionSink.class,
      CertificateTrust.class,
      StatusSource.class,
      MetricSource.class
    },
    immediate = true,
    configurationPid = SettingsReader.PID)
@Designate(ocd = PredictOpcUaConfig.class)
public final class PredictOpcUaComponent
    implements PredictionSink, CertificateTrust, StatusSource, MetricSource {
  private static final String KARAF_DATA = "karaf.data";
  private static final Duration LEAST_WAIT = Duration.ofSeconds(1);
  private static final Duration MOST_WAIT = Duration.ofSeconds(30);

  private final PredictionServer server;

  /**
   * Reads the configuration and begins to start.
   *
   * @throws RefusedException if a key has a value that is not allowed
   */
  @Activate
  public PredictOpcUaComponent(BundleContext context, PredictOpcUaConfig config)
      throws RefusedException {
    String data = context.getProperty(KARAF_DATA);
    Path folder = Path.of(data == null ? context.getDataFile("").getPath() : data);
    server =
        new PredictionServer(
            SettingsReader.read(config, folder, System.getenv()),
            Clock.systemUTC(),
            new Backoff(LEAST_WAIT, MOST_WAIT, () -> ThreadLocalRandom.current().nextLong()));
  }

  @Activate
  void start() {
    server.start();
  }

  @Deactivate
  void stop() {
    server.close();
  }

  @Override
  public void state(
      String task, DeploymentState deployment, LearningState learning, String detail) {
    server.state(task, deployment, learning, detail);
  }

  @Override
  public void publish(Prediction prediction) {
    server.publish(prediction);
  }

  @Override
  public String owner() {
    return server.owner();
  }

  @Override
  public List<Pending> pending() {
    return server.pending();
  }

  @Override
  public void trust(String thumbprint) throws RefusedException {
    server.trust(thumbprint);
  }

  @Override
  public List<StatusLine> status() {
    return server.status();
  }

  @Override
  public List<Measurement> measurements() {
    return server.measurements();
  }
}
