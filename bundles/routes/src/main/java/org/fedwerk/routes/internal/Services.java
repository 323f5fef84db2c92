// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.routes.internal;

import java.util.Optional;
import org.fedwerk.api.Registration;
import org.fedwerk.api.coordinator.Coordination;
import org.fedwerk.api.link.Carriage;
import org.fedwerk.api.metric.MetricSource;
import org.fedwerk.api.predict.PredictionSink;
import org.fedwerk.api.signal.LabelSink;
import org.fedwerk.api.signal.SampleSink;

/** What the endpoints need of the process around them; each may come and go. Any thread may ask. */
interface Services {
  /** The link's end that routes carry for. */
  Optional<Carriage> carriage();

  /** Who takes samples. */
  Optional<SampleSink> samples();

  /** Who takes labels. */
  Optional<LabelSink> labels();

  /** The coordinator of this process. */
  Optional<Coordination> coordination();

  /** Lets a sink hear of predictions. */
  Registration listen(PredictionSink sink);

  /** Lets the numbers of an endpoint be seen. */
  Registration measure(MetricSource source);

  /**
   * Makes a source known to the site.
   *
   * @throws IllegalArgumentException if another endpoint's source has that name
   */
  Registration offer(RouteSource source);
}
