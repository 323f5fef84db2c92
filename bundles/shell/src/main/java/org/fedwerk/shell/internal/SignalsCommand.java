// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import java.util.List;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.fedwerk.api.signal.SignalReading;
import org.fedwerk.api.signal.SignalSource;
import org.jspecify.annotations.Nullable;

/** What comes from every source. */
@Service
@Command(
    scope = "fedwerk",
    name = "signals",
    description = "Every signal and label: value, quality, age, rate")
public final class SignalsCommand implements Action {
  @Reference(optional = true)
  private @Nullable List<SignalSource> sources;

  @Option(name = "--json", description = "One line of JSON for programs")
  private boolean json;

  @Override
  public @Nullable Object execute() {
    Listing listing =
        new Listing(
            "no source is configured: see etc/org.fedwerk.signal.opcua-<name>.cfg",
            "source",
            "signal",
            "value",
            "unit",
            "quality",
            "age s",
            "per s",
            "received",
            "refused",
            "lost");
    for (SignalSource source : Injected.of(sources)) {
      for (SignalReading reading : source.readings()) {
        listing
            .row()
            .put("source", source.name())
            .put("signal", reading.signal())
            .put("value", reading.value())
            .put("unit", reading.unit())
            .put("quality", reading.quality())
            .put("age s", reading.age() == null ? null : reading.age().toMillis() / 1e3)
            .put("per s", reading.perSecond())
            .put("received", reading.received())
            .put("refused", reading.refused())
            .put("lost", reading.overflows());
      }
    }
    listing.print(System.out, json);
    return null;
  }
}
