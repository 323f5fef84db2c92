// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.fedwerk.api.broker.BrokerTraffic;
import org.fedwerk.api.status.StatusLine;
import org.fedwerk.api.status.StatusSource;
import org.junit.jupiter.api.Test;

class StatusCommandsTest {
  @Test
  void brokerShowsTraffic() throws Exception {
    Map<String, Object> values = Map.of("brokers", List.of(new FakeBroker()));
    assertTrue(Shell.run(new BrokerCommand(), values).contains("8883"));
    assertEquals(12_345, Shell.json(new BrokerCommand(), values).get(0).get("bytes in").asLong());
    assertTrue(Shell.run(new BrokerCommand(), Map.of()).contains("no broker runs"));
  }

  @Test
  void statusIsReadyUnlessSomethingIsNot() throws Exception {
    assertTrue(Shell.run(new StatusCommand(), Map.of()).endsWith("not ready\n"));
    for (StatusLine.State state : StatusLine.State.values()) {
      StatusSource source =
          () ->
              List.of(
                  new StatusLine("store", StatusLine.State.READY, "all is well"),
                  new StatusLine("link", state, "as it is"));
      Map<String, Object> values = Map.of("sources", List.of(source));
      boolean ready = state == StatusLine.State.READY || state == StatusLine.State.WAITING;
      List<String> lines = Shell.run(new StatusCommand(), values).lines().toList();
      assertEquals(ready ? "ready" : "not ready", lines.get(lines.size() - 1));
      assertEquals(
          state.name(), Shell.json(new StatusCommand(), values).get(1).get("state").asText());
    }
  }

  @Test
  void aRoomThatCouldNotStartTakesNoOtherRoomsLineAway() throws Exception {
    StatusSource store = () -> List.of(new StatusLine("store", StatusLine.State.READY, "well"));
    List<StatusSource> injected = new ArrayList<>();
    injected.add(null);
    injected.add(store);
    assertTrue(
        Shell.run(new StatusCommand(), Map.of("sources", injected)).contains("store   | READY"));
  }

  private static final class FakeBroker implements BrokerTraffic {
    @Override
    public String name() {
      return "main";
    }

    @Override
    public int port() {
      return 8883;
    }

    @Override
    public int clients() {
      return 9;
    }

    @Override
    public long bytesIn() {
      return 12_345;
    }

    @Override
    public long bytesOut() {
      return 67_890;
    }
  }
}
