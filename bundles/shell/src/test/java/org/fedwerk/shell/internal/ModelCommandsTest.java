// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.security.Principal;
import java.security.PrivilegedExceptionAction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.security.auth.Subject;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.support.CommandException;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.coordinator.ModelRegistry;
import org.fedwerk.api.model.ModelVersion;
import org.junit.jupiter.api.Test;

/** The commands about the coordinator's models. */
class ModelCommandsTest {
  private static final Digest DIGEST = Digest.of(new byte[] {1});
  private static final Digest BASE = Digest.of(new byte[] {2});

  private final FakeRegistry registry = new FakeRegistry();

  /** Keeps what was ordered; knows one task with one version. */
  private static final class FakeRegistry implements ModelRegistry {
    final List<String> orders = new ArrayList<>();

    @Override
    public List<Version> versions(String task) throws RefusedException {
      if (!task.equals("milling")) {
        throw new RefusedException("task", "no task is named \"" + task + "\"");
      }
      return List.of(
          new Version(
              new ModelVersion(DIGEST, 3, DIGEST, BASE, List.of("press1"), List.of(60.0), 0.9),
              State.APPROVED,
              List.of(
                  new Change(State.CANDIDATE, "the task's rounds", "", Instant.EPOCH),
                  new Change(State.APPROVED, "ann", "looks fine", Instant.EPOCH)),
              true,
              Map.of("validation.accuracy", 0.9, "train.loss", Double.NaN),
              Map.of("press1", 0.9),
              "",
              "# milling, version 3\n\n- purpose: finds\u001b bad parts\n"));
    }

    @Override
    public void approve(String task, int version, String by) {
      orders.add("approve " + task + " " + version + " " + by);
    }

    @Override
    public void promote(String task, int version, String by) throws RefusedException {
      throw new RefusedException("model", "version 3 is a candidate; approve it first");
    }

    @Override
    public void retire(String task, int version, String by, String reason) {
      orders.add("retire " + task + " " + version + " " + by + " " + reason);
    }

    @Override
    public void pass(String task, String by, String reason) {
      orders.add("pass " + task + " " + by);
    }

    @Override
    public void back(String task, String by, String reason) {
      orders.add("back " + task + " " + by + " " + reason);
    }

    @Override
    public Optional<Rollout> rollout(String task) {
      return Optional.of(
          new Rollout(
              2,
              3,
              1,
              2,
              "press1: 5 of 20 predictions",
              "",
              List.of(
                  new Stand(
                      "press1", 1, 3, 3, false, 5, 0, Double.NaN, 0.02, "5 of 20 predictions"),
                  new Stand("press2", 2, 2, null, false, 0, 0, Double.NaN, Double.NaN, ""))));
    }
  }

  private Map<String, Object> with(Object... more) {
    return Shell.with(Map.of("registry", registry), more);
  }

  private Map<String, Object> ordered(Object... more) {
    Map<String, Object> values = with("session", Shell.session("ann"), "task", "milling");
    values.putAll(with(more));
    return values;
  }

  @Test
  void modelShowTellsStepsOriginMetricsAndCard() throws Exception {
    Map<String, Object> three = with("task", "milling", "version", 3);
    String text = Shell.run(new ModelShowCommand(), three);
    assertTrue(text.contains("approved") && text.contains("looks fine"), text);
    assertTrue(text.contains("- purpose: finds  bad parts"), text);
    JsonNode row = Shell.json(new ModelShowCommand(), three).get(0);
    assertEquals("approved", row.get("state").asText());
    assertEquals(BASE.hex(), row.get("made from").asText());
    assertEquals(60, row.get("weights").get("press1").asDouble());
    assertEquals("ann", row.get("changes").get(1).get("by").asText());
    assertEquals(1, row.get("metrics").size(), "JSON has no NaN");
    assertEquals(
        "task milling has no version 9; fedwerk:models lists them",
        refusal(new ModelShowCommand(), with("task", "milling", "version", 9)));
    assertEquals(
        "task: no task is named \"mill\"",
        refusal(new ModelShowCommand(), with("task", "mill", "version", 3)));
  }

  private static String refusal(Action command, Map<String, Object> values) {
    return assertThrows(CommandException.class, () -> Shell.run(command, values)).getMessage();
  }

  @Test
  void aVersionIsApprovedAndRetiredInTheNameOfWhoTypes() throws Exception {
    assertEquals(
        "approved version 3 of milling" + System.lineSeparator(),
        Shell.run(new ModelApproveCommand(), ordered("version", 3)));
    JsonNode row =
        Shell.json(new ModelRetireCommand(), ordered("version", 3, "reason", "old")).get(0);
    assertEquals("retired", row.get("done").asText());
    assertEquals(List.of("approve milling 3 ann", "retire milling 3 ann old"), registry.orders);
    assertEquals(
        "model: version 3 is a candidate; approve it first",
        refusal(new ModelPromoteCommand(), ordered("version", 3)));
    assertTrue(
        refusal(new ModelPromoteCommand(), Map.of("session", Shell.session("ann")))
            .contains("run the command at the coordinator"));
  }

  /** As Karaf's principal of a user is called. */
  private record UserPrincipal(String getName) implements Principal {}

  @Test
  void whoLoggedInCountsAndNotTheSessionsVariable() throws Exception {
    Subject subject = new Subject(true, Set.of(new UserPrincipal("bea")), Set.of(), Set.of());
    PrivilegedExceptionAction<String> typed =
        () -> Shell.run(new ModelApproveCommand(), ordered("version", 3));
    var unused = Subject.doAs(subject, typed);
    assertEquals(List.of("approve milling 3 bea"), registry.orders);
  }

  @Test
  void rolloutTellsWhereEachSiteStandsAndWhatTheGateWaitsFor() throws Exception {
    String text = Shell.run(new RolloutCommand(), ordered());
    assertTrue(
        text.contains(
            "milling: version 2 is active, version 3 goes out, wave 1 of 2, waits for press1: 5"
                + " of 20 predictions"),
        text);
    JsonNode rows = Shell.json(new RolloutCommand(), ordered());
    assertEquals(3, rows.get(0).get("running").asInt());
    assertTrue(rows.get(0).get("alarm rate").isNull());
    assertTrue(rows.get(1).get("running").isNull());
    assertEquals(2, rows.get(1).get("wave").asInt());
  }

  @Test
  void aRolloutIsLetThroughItsGateOrTakenBack() throws Exception {
    assertEquals(
        "passed milling" + System.lineSeparator(),
        Shell.run(new RolloutCommand(), ordered("pass", true)));
    assertEquals(
        "taken back milling" + System.lineSeparator(),
        Shell.run(new RolloutCommand(), ordered("back", true, "reason", "alarms")));
    assertEquals(List.of("pass milling ann", "back milling ann alarms"), registry.orders);
    assertEquals(
        "name a task, and either --pass or --back",
        refusal(new RolloutCommand(), ordered("pass", true, "back", true)));
  }

  @Test
  void modelsTellsTheStateOfEachVersion() throws Exception {
    Map<String, Object> values =
        with("task", "milling", "coordination", new CoordinationWithOneModel().proxy());
    assertTrue(Shell.run(new ModelsCommand(), values).contains("approved"));
    JsonNode row = Shell.json(new ModelsCommand(), values).get(0);
    assertEquals("approved", row.get("state").asText());
    assertEquals("ann", row.get("by").asText());
    assertTrue(row.get("kept").asBoolean());
  }

  /** Only its models are asked for. */
  private final class CoordinationWithOneModel {
    org.fedwerk.api.coordinator.Coordination proxy() {
      return (org.fedwerk.api.coordinator.Coordination)
          java.lang.reflect.Proxy.newProxyInstance(
              ModelCommandsTest.class.getClassLoader(),
              new Class<?>[] {org.fedwerk.api.coordinator.Coordination.class},
              (proxy, method, arguments) ->
                  registry.versions("milling").stream().map(ModelRegistry.Version::model).toList());
    }
  }
}
