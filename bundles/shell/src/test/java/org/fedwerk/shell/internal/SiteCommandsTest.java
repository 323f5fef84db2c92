// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.support.CommandException;
import org.fedwerk.api.Refusal;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.data.ExampleSource;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.identity.CertificateTrust;
import org.fedwerk.api.signal.LabelDescriptor;
import org.fedwerk.api.signal.SignalBrowser;
import org.fedwerk.api.signal.SignalDescriptor;
import org.fedwerk.api.signal.SignalReading;
import org.fedwerk.api.signal.SignalSource;
import org.junit.jupiter.api.Test;

class SiteCommandsTest {
  private final FakeSite site = new FakeSite();

  private Map<String, Object> approving(Object... more) {
    Map<String, Object> values = new java.util.HashMap<>();
    values.put("agent", site);
    values.put("session", Shell.session("ann"));
    for (int i = 0; i < more.length; i += 2) {
      values.put((String) more[i], more[i + 1]);
    }
    return values;
  }

  @Test
  void taskApproveListsTasksApprovesAndDeclinesInTheUsersName() throws Exception {
    String table = Shell.run(new TaskApproveCommand(), approving());
    assertTrue(table.contains("milling") && table.contains("waiting") && table.contains("60"));
    JsonNode rows = Shell.json(new TaskApproveCommand(), approving());
    assertEquals("milling", rows.get(0).get("task").asText());
    assertTrue(rows.get(0).get("deployed").isNull());
    assertEquals(FakeSite.DIGEST.hex(), rows.get(1).get("deployed").asText());
    assertEquals(17, rows.get(1).get("predictions").asInt());

    assertEquals(
        "approved milling" + System.lineSeparator(),
        Shell.run(new TaskApproveCommand(), approving("task", "milling")));
    assertEquals(
        "declined milling" + System.lineSeparator(),
        Shell.run(new TaskApproveCommand(), approving("task", "milling", "no", true)));
    assertEquals(List.of("approve milling by ann", "decline milling by ann"), site.decisions);
    assertEquals(
        "ann",
        Shell.json(new TaskApproveCommand(), approving("task", "milling"))
            .get(0)
            .get("by")
            .asText());
  }

  @Test
  void modelsShowsWhatWasDeployedAndWhoDecidedSo() throws Exception {
    Map<String, Object> all = Map.of("agent", site);
    String table = Shell.run(new ModelsCommand(), all);
    assertTrue(table.contains("rolled back") && table.contains("active, pinned"), table);
    JsonNode rows = Shell.json(new ModelsCommand(), all);
    assertEquals(2, rows.size(), "of both tasks");
    assertEquals("hydraulic", rows.get(0).get("task").asText());
    assertEquals(FakeSite.DIGEST.hex(), rows.get(0).get("model").asText());
    assertTrue(rows.get(1).get("time").isNull());
    assertEquals(
        0, Shell.json(new ModelsCommand(), Map.of("agent", site, "task", "milling")).size());
    assertThrows(
        CommandException.class,
        () -> Shell.run(new ModelsCommand(), Map.of("agent", site, "task", "unknown")));
    assertTrue(Shell.run(new TaskApproveCommand(), approving()).contains("pinned by ann"));
  }

  @Test
  void rollbackAndPinDecideInTheUsersNameAndShowWhatPredictsNow() throws Exception {
    JsonNode row = Shell.json(new ModelRollbackCommand(), approving("task", "hydraulic")).get(0);
    assertEquals(7, row.get("version").asInt());
    assertEquals("active, pinned", row.get("state").asText());
    Shell.run(new ModelPinCommand(), approving("task", "hydraulic"));
    Shell.run(new ModelPinCommand(), approving("task", "hydraulic", "model", "8"));
    Shell.run(new ModelPinCommand(), approving("task", "hydraulic", "off", true));
    assertEquals(
        List.of(
            "roll back hydraulic by ann",
            "pin null of hydraulic by ann",
            "pin 8 of hydraulic by ann",
            "release hydraulic by ann"),
        site.decisions);
    for (Action command : List.of(new ModelRollbackCommand(), new ModelPinCommand())) {
      assertThrows(CommandException.class, () -> Shell.run(command, approving("task", "unknown")));
    }
    CommandException both =
        assertThrows(
            CommandException.class,
            () ->
                Shell.run(
                    new ModelPinCommand(),
                    approving("task", "hydraulic", "off", true, "model", "8")));
    assertTrue(both.getMessage().contains("--off takes no model"));
  }

  @Test
  void aRefusalIsACommandExceptionWithItsReason() {
    CommandException refused =
        assertThrows(
            CommandException.class,
            () -> Shell.run(new TaskApproveCommand(), approving("task", "unknown")));
    assertEquals("task: this site knows no task \"unknown\"", refused.getMessage());
  }

  @Test
  void namesOfTasksAreCompleted() throws Exception {
    TaskCompleter completer = new TaskCompleter();
    assertEquals(List.of(), completed(completer, "mi"), "there may be no site");
    Shell.fill(completer, "agent", site);
    assertEquals(List.of("milling"), completed(completer, "mi"));
    assertEquals(List.of("hydraulic", "milling"), completed(completer, ""));
  }

  @Test
  void sourcesRequestsAndThumbprintsAreCompleted() throws Exception {
    assertEquals(
        List.of("evaluate", "statistics", "test", "train"), completed(new RequestCompleter(), ""));
    SourceCompleter sources = new SourceCompleter();
    assertEquals(List.of(), completed(sources, ""), "there may be no source");
    Shell.fill(sources, "browsers", List.of(new FakeBrowser()));
    assertEquals(List.of("press1"), completed(sources, "pr"));
    ThumbprintCompleter thumbprints = new ThumbprintCompleter();
    assertEquals(List.of(), completed(thumbprints, ""), "nothing may have certificates");
    Shell.fill(thumbprints, "trusts", List.of(new FakeTrust()));
    assertEquals(List.of("0123456789abcdef"), completed(thumbprints, "0123"));
  }

  private static List<String> completed(NamesCompleter completer, String typed) {
    List<String> candidates = new ArrayList<>();
    completer.complete(Shell.session("ann"), Shell.typed(typed), candidates);
    return candidates.stream().map(String::strip).sorted().toList();
  }

  @Test
  void aTextFromElsewhereCannotSteerTheTerminalOrBreakTheTable() throws Exception {
    site.purpose = "first\nsecond \u001b[2J\u0007end";
    String table = Shell.run(new TaskApproveCommand(), approving());
    assertTrue(table.contains("first; second  [2J end"));
    assertFalse(table.contains("\u001b[2J"));
  }

  @Test
  void egressShowsWhatLeftAndWhatWasKeptBack() throws Exception {
    Map<String, Object> values = Map.of("agent", site);
    String table = Shell.run(new EgressCommand(), values);
    assertTrue(table.contains("reply 1/0") && table.contains("not approved"));
    JsonNode rows = Shell.json(new EgressCommand(), Map.of("agent", site, "most", 1));
    assertEquals(1, rows.size());
    assertFalse(rows.get(0).get("passed").asBoolean());
    assertEquals(900, rows.get(0).get("bytes").asInt());
    assertThrows(
        CommandException.class,
        () -> Shell.run(new EgressCommand(), Map.of("agent", site, "most", 0)));
  }

  @Test
  void partsTellsWhatBecameOfThemAndWhichWereUsed() throws Exception {
    Map<String, Object> values = Map.of("agent", site, "examples", new FakeExamples());
    String text = Shell.run(new PartsCommand(), values);
    assertTrue(text.contains("12 parts stored, 10 labelled, open: S-13"));
    assertTrue(text.contains("1 unmapped, 2 late, 3 waiting"));
    assertTrue(text.contains("force: no sample"));
    JsonNode counts = Shell.json(new PartsCommand(), values).get(0);
    assertEquals(12, counts.get("stored").asInt());
    assertEquals(4, counts.get("evicted").asInt());

    Map<String, Object> used =
        Map.of("agent", site, "examples", new FakeExamples(), "task", "milling");
    assertTrue(Shell.run(new PartsCommand(), used).contains("S-1"));
    assertEquals(2, Shell.json(new PartsCommand(), used).get(0).get("revision").asInt());
    Map<String, Object> never = new java.util.HashMap<>(used);
    never.put("request", "test");
    CommandException refused =
        assertThrows(CommandException.class, () -> Shell.run(new PartsCommand(), never));
    assertTrue(refused.getMessage().contains("has not done a \"test\""));
  }

  @Test
  void signalsShowsEachReadingAlsoOneWithoutValue() throws Exception {
    SignalSource source = new FakeSource();
    String table = Shell.run(new SignalsCommand(), Map.of("sources", List.of(source)));
    assertTrue(table.contains("force") && table.contains("12.5") && table.contains("1.500"));
    JsonNode rows = Shell.json(new SignalsCommand(), Map.of("sources", List.of(source)));
    assertEquals("press1", rows.get(0).get("source").asText());
    assertEquals(1.5, rows.get(0).get("age s").asDouble());
    assertTrue(rows.get(1).get("age s").isNull());
    assertTrue(Shell.run(new SignalsCommand(), Map.of()).contains("no source is configured"));
  }

  @Test
  void browseShowsNodesReadyToPasteAndNamesTheSourcesThatThereAre() throws Exception {
    Map<String, Object> values = Map.of("browsers", List.of(new FakeBrowser()), "source", "press1");
    assertTrue(Shell.run(new BrowseCommand(), values).contains("nsu=urn:press;s=Force"));
    assertEquals("Double", Shell.json(new BrowseCommand(), values).get(0).get("type").asText());
    CommandException other =
        assertThrows(
            CommandException.class,
            () ->
                Shell.run(
                    new BrowseCommand(),
                    Map.of("browsers", List.of(new FakeBrowser()), "source", "press2")));
    assertEquals("no source \"press2\"; there are: press1", other.getMessage());
    CommandException none =
        assertThrows(
            CommandException.class, () -> Shell.run(new BrowseCommand(), Map.of("source", "x")));
    assertEquals("no source \"x\"; there are: none", none.getMessage());
    CommandException gone =
        assertThrows(
            CommandException.class,
            () ->
                Shell.run(
                    new BrowseCommand(),
                    Map.of(
                        "browsers", List.of(new FakeBrowser()), "source", "press1", "node", "x")));
    assertEquals("node: there is no node x", gone.getMessage());
  }

  @Test
  void trustListsTrustsAndTellsWhyNot() throws Exception {
    FakeTrust trust = new FakeTrust();
    Map<String, Object> values = Map.of("trusts", List.of(trust));
    assertTrue(Shell.run(new TrustCommand(), values).contains("CN=press server"));
    assertEquals(
        "0123456789abcdef",
        Shell.json(new TrustCommand(), values).get(0).get("thumbprint").asText());
    assertEquals(
        "trusted by signal-opcua press1" + System.lineSeparator(),
        Shell.run(new TrustCommand(), Map.of("trusts", List.of(trust), "thumbprint", "01234567")));
    assertEquals(
        "signal-opcua press1",
        Shell.json(new TrustCommand(), Map.of("trusts", List.of(trust), "thumbprint", "01234567"))
            .get(0)
            .get("trusted by")
            .asText());
    CommandException refused =
        assertThrows(
            CommandException.class,
            () ->
                Shell.run(
                    new TrustCommand(), Map.of("trusts", List.of(trust), "thumbprint", "ffff")));
    assertEquals(
        "signal-opcua press1: thumbprint: no certificate ffff waits", refused.getMessage());
    CommandException none =
        assertThrows(
            CommandException.class,
            () -> Shell.run(new TrustCommand(), Map.of("thumbprint", "ffff")));
    assertTrue(none.getMessage().contains("nothing in this process"));
  }

  @Test
  void whereThereIsNoSiteEachCommandSaysSo() {
    for (Action command :
        List.of(
            new TaskApproveCommand(),
            new EgressCommand(),
            new PartsCommand(),
            new ModelRollbackCommand(),
            new ModelPinCommand())) {
      CommandException absent =
          assertThrows(CommandException.class, () -> Shell.run(command, Map.of()));
      assertTrue(absent.getMessage().contains("this process runs no site"));
    }
  }

  private static final class FakeExamples implements ExampleSource {
    @Override
    public List<Example> examples(Schema schema) {
      return List.of();
    }

    @Override
    public int[] counts(Schema schema) {
      return new int[3];
    }

    @Override
    public List<Refusal> mismatches(Schema schema) {
      return List.of();
    }

    @Override
    public PartsReport report() {
      return new PartsReport(
          12,
          10,
          "S-13",
          5,
          1,
          2,
          3,
          4,
          List.of(new Fate("S-12", "no window", "force: no sample")));
    }
  }

  private static final class FakeSource implements SignalSource {
    @Override
    public String name() {
      return "press1";
    }

    @Override
    public List<SignalDescriptor> signals() {
      return List.of();
    }

    @Override
    public List<LabelDescriptor> labels() {
      return List.of();
    }

    @Override
    public List<SignalReading> readings() {
      return List.of(
          new SignalReading(
              "force", "kN", "12.5", "good", Instant.EPOCH, Duration.ofMillis(1500), 9.5, 7, 0, 0),
          new SignalReading("way", "mm", "", "none", null, null, 0, 0, 0, 0));
    }
  }

  private static final class FakeBrowser implements SignalBrowser {
    @Override
    public String name() {
      return "press1";
    }

    @Override
    public List<Entry> browse(String nodeId) throws RefusedException {
      if (!nodeId.isEmpty()) {
        throw new RefusedException("node", "there is no node " + nodeId);
      }
      return List.of(new Entry("nsu=urn:press;s=Force", "Force", "Variable", "Double"));
    }
  }

  private static final class FakeTrust implements CertificateTrust {
    @Override
    public String owner() {
      return "signal-opcua press1";
    }

    @Override
    public List<Pending> pending() {
      return List.of(new Pending("0123456789abcdef", "CN=press server", "2030-01-01"));
    }

    @Override
    public void trust(String thumbprint) throws RefusedException {
      if (!"0123456789abcdef".startsWith(thumbprint)) {
        throw new RefusedException("thumbprint", "no certificate " + thumbprint + " waits");
      }
    }
  }
}
