// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.support.CommandException;
import org.fedwerk.api.Digest;
import org.fedwerk.api.Refusal;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.broker.BrokerTraffic;
import org.fedwerk.api.coordinator.Coordination;
import org.fedwerk.api.identity.Enrolment;
import org.fedwerk.api.identity.FederationAuthority;
import org.fedwerk.api.learn.Evaluation;
import org.fedwerk.api.model.ModelVersion;
import org.fedwerk.api.status.StatusLine;
import org.fedwerk.api.status.StatusSource;
import org.fedwerk.api.store.Backups;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CoordinatorCommandsTest {
  private static final Digest DIGEST = Digest.of(new byte[] {1});
  private static final Digest OTHER = Digest.of(new byte[] {2});

  @TempDir Path folder;
  private final FakeCoordination coordination = new FakeCoordination();
  private final Map<String, Object> here = Map.of("coordination", coordination);

  private static Map<String, Object> with(Map<String, Object> some, Object... more) {
    Map<String, Object> all = new LinkedHashMap<>(some);
    for (int i = 0; i < more.length; i += 2) {
      all.put((String) more[i], more[i + 1]);
    }
    return all;
  }

  @Test
  void sitesShowsWhoIsThereAndWhatTheySaid() throws Exception {
    String table = Shell.run(new SitesCommand(), here);
    assertTrue(table.contains("press1") && table.contains("milling: ready, examples 60/20/20"));
    JsonNode rows = Shell.json(new SitesCommand(), here);
    assertEquals(4, rows.get(0).get("last seen s").asInt());
    assertTrue(rows.get(1).get("last seen s").isNull());
    assertEquals("ready, examples 60/20/20", rows.get(0).get("tasks").get("milling").asText());
    assertEquals("0123456789ab", rows.get(0).get("key").asText());
  }

  @Test
  void roundsShowsTasksAndTheHistoryOfOne() throws Exception {
    assertTrue(Shell.run(new RoundsCommand(), here).contains("press2: training 3/10"));
    JsonNode task = Shell.json(new RoundsCommand(), here).get(0);
    assertEquals(DIGEST.hex(), task.get("model").asText());
    assertTrue(task.get("metric").isNull(), "JSON has no NaN");
    assertEquals("training 3/10", task.get("waiting for").get("press2").asText());

    Map<String, Object> one = with(here, "task", "milling");
    assertTrue(Shell.run(new RoundsCommand(), one).contains("validation.accuracy=0.9000"));
    JsonNode round = Shell.json(new RoundsCommand(), one).get(0);
    assertEquals(0.9, round.get("values").get("validation.accuracy").asDouble());
    assertFalse(round.get("values").has("train.loss"), "it is not finite");
    assertTrue(round.get("missing").get("press2").asText().startsWith("said"));
    assertEquals(0.25, round.get("seconds").asDouble());
    assertEquals(3, round.get("evaluations").get("press1").get("confusion").get(1).get(1).asInt());
    assertEquals(List.of("press1", "press2").size(), round.get("cohort").size());
    CommandException refused =
        assertThrows(
            CommandException.class,
            () -> Shell.run(new RoundsCommand(), with(here, "task", "unknown")));
    assertEquals("task: no task \"unknown\"", refused.getMessage());
  }

  @Test
  void modelsShowsVersionsWithMetricContributorsAndWhatTheyWereMadeFrom() throws Exception {
    Map<String, Object> one = with(here, "task", "milling");
    String table = Shell.run(new ModelsCommand(), one);
    assertTrue(table.contains("press1: 60.0, press2: 20.0") && table.contains("the seed"), table);
    JsonNode rows = Shell.json(new ModelsCommand(), here);
    assertTrue(rows.get(0).get("metric").isNull());
    assertEquals(0.9, rows.get(1).get("metric").asDouble());
    assertEquals(DIGEST.hex(), rows.get(1).get("model").asText());
    assertEquals(rows.get(0).get("model"), rows.get(1).get("made from"));
    assertEquals(20, rows.get(1).get("weights").get("press2").asDouble());
    CommandException absent =
        assertThrows(CommandException.class, () -> Shell.run(new ModelsCommand(), Map.of()));
    assertTrue(absent.getMessage().contains("neither a site"));
  }

  @Test
  void roundsTellsWhatAPersonOrderedAndWhy() throws Exception {
    assertTrue(Shell.run(new RoundsCommand(), here).contains("paused by ann"));
    JsonNode tasks = Shell.json(new RoundsCommand(), here);
    assertEquals("paused by ann", tasks.get(1).get("note").asText());
    assertEquals("wrong labels", tasks.get(0).get("orders").get(0).get("reason").asText());
    Map<String, Object> one = with(here, "task", "milling");
    assertTrue(
        Shell.run(new RoundsCommand(), one)
            .contains("aborted by ann 1970-01-01T00:00:00Z: wrong labels"));
    JsonNode order = Shell.json(new RoundsCommand(), one).get(0).get("orders").get(0);
    assertEquals("aborted", order.get("what").asText());
    assertEquals("ann", order.get("by").asText());
  }

  @Test
  void aTaskIsPausedResumedAndAbortedInTheNameOfTheSessionsUser() throws Exception {
    Map<String, Object> values = with(here, "session", Shell.session("bea"), "task", "milling");
    assertEquals(
        "paused milling" + System.lineSeparator(), Shell.run(new TaskPauseCommand(), values));
    assertEquals(
        "resumed milling" + System.lineSeparator(), Shell.run(new TaskResumeCommand(), values));
    JsonNode aborted =
        Shell.json(new TaskAbortCommand(), with(values, "reason", "wrong labels")).get(0);
    assertEquals("aborted", aborted.get("done").asText());
    assertEquals("bea", aborted.get("by").asText());
    assertEquals(
        List.of(
            "pause milling by bea", "resume milling by bea", "abort wrong labels milling by bea"),
        coordination.orders);
    CommandException refused =
        assertThrows(CommandException.class, () -> Shell.run(new TaskRetryCommand(), values));
    assertEquals("task: milling is finished; submit another document", refused.getMessage());
    CommandException unknown =
        assertThrows(
            CommandException.class,
            () -> Shell.run(new TaskPauseCommand(), with(values, "task", "unknown")));
    assertEquals("task: no task \"unknown\"", unknown.getMessage());
  }

  @Test
  void onlyTasksThatAnOrderFitsAreCompleted() throws Exception {
    assertEquals(List.of("milling"), completed(new TaskPauseCompleter()));
    assertEquals(List.of("pumps"), completed(new TaskResumeCompleter()));
    assertEquals(List.of("milling", "pumps"), completed(new TaskAbortCompleter()));
    assertEquals(List.of(), completed(new TaskRetryCompleter()));
    List<String> nobody = new ArrayList<>();
    new TaskPauseCompleter().complete(Shell.session("ann"), Shell.typed(""), nobody);
    assertEquals(List.of(), nobody, "there may be no coordinator");
  }

  private List<String> completed(Completer completer) throws Exception {
    Shell.fill(completer, "coordination", coordination);
    List<String> candidates = new ArrayList<>();
    completer.complete(Shell.session("ann"), Shell.typed(""), candidates);
    return candidates.stream().map(String::strip).sorted().toList();
  }

  @Test
  void theRunHistoryIsATableThatAReaderOfRfc4180Reads() throws Exception {
    Map<String, Object> values = with(here, "task", "milling", "csv", true);
    String text = Shell.run(new RoundsCommand(), values);
    List<CSVRecord> rows;
    try (CSVParser parser = CSVParser.parse(text, CSVFormat.RFC4180.builder().setHeader().get())) {
      rows = parser.getRecords();
    }
    assertEquals(2, rows.size());
    CSVRecord first = rows.get(0);
    assertEquals(DIGEST.hex(), first.get("task"));
    assertEquals(1, Integer.parseInt(first.get("round")));
    assertEquals("press1 press2", first.get("cohort"));
    assertEquals("press2: said \"no, thanks\"  later", first.get("missing"));
    assertEquals(0.9, Double.parseDouble(first.get("validation.accuracy")));
    assertEquals("", first.get("train.loss"), "it is not finite");
    assertEquals(0.25, Double.parseDouble(first.get("seconds")));
    assertEquals(6, Long.parseLong(first.get("site.press1.count")));
    assertEquals(5.0 / 6, Double.parseDouble(first.get("site.press1.accuracy")));
    assertEquals("", first.get("test.accuracy"), "this round has no such metric");
    CSVRecord second = rows.get(1);
    assertEquals("final", second.get("protocol"));
    assertEquals(0.8, Double.parseDouble(second.get("test.accuracy")));
    assertEquals("", second.get("site.press1.count"));
    assertTrue(text.endsWith("\r\n"));
    assertEquals(3, text.lines().count());

    for (Map<String, Object> wrong : List.of(with(here, "csv", true), with(values, "json", true))) {
      assertThrows(CommandException.class, () -> Shell.run(new RoundsCommand(), wrong));
    }
  }

  @Test
  void tasksAndSitesOfTheCoordinatorAreCompleted() throws Exception {
    TaskCompleter tasks = new TaskCompleter();
    Shell.fill(tasks, "coordination", new FakeCoordination());
    Shell.fill(tasks, "agent", new FakeSite());
    assertEquals(List.of("hydraulic", "milling", "pumps"), List.copyOf(tasks.names()));
    SiteCompleter sites = new SiteCompleter();
    assertEquals(List.of(), List.copyOf(sites.names()));
    Shell.fill(sites, "coordination", new FakeCoordination());
    assertEquals(List.of("press1", "press2"), List.copyOf(sites.names()));
  }

  @Test
  void aTokenStandsInTheAnswerThatMakesItAndInNoOther() throws Exception {
    Map<String, Object> hq = Map.of("authority", new FakeAuthority());
    JsonNode made = Shell.json(new EnrolCommand(), with(hq, "site", "press1")).get(0);
    assertEquals("token-press1-PT24H", made.get("token").asText());
    assertEquals(
        "press1",
        Shell.json(new EnrolCommand(), with(hq, "revoke", "press1"))
            .get(0)
            .get("revoked")
            .asText());
    Map<String, Object> site = Map.of("enrolment", new FakeEnrolment(), "token", "abc-secret");
    JsonNode joined = Shell.json(new EnrolCommand(), site).get(0);
    assertEquals("site press1 of plants", joined.get("state").asText());
    assertFalse(joined.toString().contains("secret"));
  }

  @Test
  void taskSubmitTellsTheDigestOrWhatItWouldMean() throws Exception {
    Path file = Files.writeString(folder.resolve("task.yaml"), "task: milling");
    Map<String, Object> values = with(here, "file", file.toString());
    assertEquals(
        "submitted " + DIGEST.hex() + System.lineSeparator(),
        Shell.run(new TaskSubmitCommand(), values));
    assertEquals(
        DIGEST.hex(), Shell.json(new TaskSubmitCommand(), values).get(0).get("digest").asText());
    Map<String, Object> dry = with(values, "dryRun", true);
    String text = Shell.run(new TaskSubmitCommand(), dry);
    assertTrue(
        text.contains("parameters  67652") && text.contains("note        asks for approval"));
    assertEquals(270_608, Shell.json(new TaskSubmitCommand(), dry).get(0).get("bytes up").asInt());
  }

  @Test
  void aRefusedTaskIsShownWithEveryLineAndAFileThatCannotBeReadByName() throws Exception {
    Path bad = Files.writeString(folder.resolve("bad.yaml"), "tsak: milling");
    CommandException refused =
        assertThrows(
            CommandException.class,
            () -> Shell.run(new TaskSubmitCommand(), with(here, "file", bad.toString())));
    assertEquals(
        bad + " is refused:\nline 1, tsak: is not a known key\nline 2, owner: is missing",
        refused.getMessage());

    String missing = folder.resolve("none.yaml").toString();
    CommandException none =
        assertThrows(
            CommandException.class,
            () -> Shell.run(new TaskSubmitCommand(), with(here, "file", missing)));
    assertEquals("there is no file " + missing, none.getMessage());
    Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe});
    CommandException foreign =
        assertThrows(
            CommandException.class,
            () -> Shell.run(new TaskSubmitCommand(), with(here, "file", binary.toString())));
    assertTrue(foreign.getMessage().endsWith("is not text in UTF-8"));
    CommandException directory =
        assertThrows(
            CommandException.class,
            () -> Shell.run(new TaskSubmitCommand(), with(here, "file", folder.toString())));
    assertTrue(directory.getMessage().contains("cannot be read"));
  }

  @Test
  void aSiteWithoutANetworkEnrolsByTwoFiles() throws Exception {
    FakeEnrolment enrolment = new FakeEnrolment();
    Map<String, Object> site = Map.of("enrolment", enrolment);
    Map<String, Object> hq = Map.of("authority", new FakeAuthority());
    String file = folder.resolve("press1.request").toString();
    String told = Shell.run(new EnrolCommand(), with(site, "token", "abc", "request", file));
    assertTrue(told.startsWith("carry " + file + " to the coordinator"), told);
    assertEquals("request abc", Files.readString(Path.of(file)));
    assertThrows(
        CommandException.class,
        () -> Shell.run(new EnrolCommand(), with(site, "token", "abc", "request", file)));
    assertEquals(
        "carry " + file + ".answer to the site" + System.lineSeparator(),
        Shell.run(new EnrolCommand(), with(hq, "answer", file)));
    Shell.run(new EnrolCommand(), with(site, "accept", file + ".answer"));
    assertEquals("answer to request abc", enrolment.accepted);
    for (Map<String, Object> wrong :
        List.of(
            with(hq, "answer", file + ".answer"),
            with(hq, "answer", folder.resolve("none").toString()),
            with(site, "answer", file),
            with(hq, "accept", file),
            with(site, "request", folder.resolve("other").toString()))) {
      assertThrows(CommandException.class, () -> Shell.run(new EnrolCommand(), wrong));
    }
  }

  @Test
  void enrolWorksOnBothSidesAndSaysWhereItCannot() throws Exception {
    Map<String, Object> hq = Map.of("authority", new FakeAuthority());
    assertEquals(
        "token-press1-PT24H" + System.lineSeparator(),
        Shell.run(new EnrolCommand(), with(hq, "site", "press1")));
    assertEquals(
        "token-press1-PT2H" + System.lineSeparator(),
        Shell.run(new EnrolCommand(), with(hq, "site", "press1", "hours", 2)));
    assertEquals(
        "revoked press1" + System.lineSeparator(),
        Shell.run(new EnrolCommand(), with(hq, "revoke", "press1")));
    for (Map<String, Object> wrong :
        List.of(
            with(hq, "site", "PRESS"),
            with(hq, "site", "press1", "hours", 0),
            with(hq, "token", "abc"),
            hq)) {
      assertThrows(CommandException.class, () -> Shell.run(new EnrolCommand(), wrong));
    }
    Map<String, Object> site = Map.of("enrolment", new FakeEnrolment());
    assertEquals(
        "enrolled: site press1 of plants" + System.lineSeparator(),
        Shell.run(new EnrolCommand(), with(site, "token", "abc")));
    assertEquals(
        "site press1 of plants" + System.lineSeparator(), Shell.run(new EnrolCommand(), site));
    CommandException used =
        assertThrows(
            CommandException.class,
            () -> Shell.run(new EnrolCommand(), with(site, "token", "used")));
    assertEquals("token: it was used already", used.getMessage());
    assertThrows(
        CommandException.class, () -> Shell.run(new EnrolCommand(), with(site, "site", "x")));
  }

  @Test
  void aTokenIsNotInTheNameOfTheThreadThatEverybodyLogs() throws Exception {
    List<String> names = new ArrayList<>();
    Enrolment enrolment =
        new FakeEnrolment() {
          @Override
          public void enrol(String token) throws RefusedException {
            names.add(Thread.currentThread().getName());
          }
        };
    Thread thread = Thread.currentThread();
    String before = thread.getName();
    try {
      thread.setName("pipe-fedwerk:enrol secret-token");
      Shell.run(new EnrolCommand(), Map.of("enrolment", enrolment, "token", "secret-token"));
      assertEquals(List.of("fedwerk:enrol"), names);
      assertEquals("fedwerk:enrol", thread.getName());
    } finally {
      thread.setName(before);
    }
  }

  @Test
  void backupAndRestoreTellWhatTheyMovedAndRefusalsAreOneLine() throws Exception {
    List<String> asked = new ArrayList<>();
    Backups backups =
        new Backups() {
          @Override
          public Summary backup(Path file) throws RefusedException {
            if (file.endsWith("there.zip")) {
              throw new RefusedException("file", file + " exists; name another one");
            }
            asked.add("backup " + file.getFileName());
            return new Summary(file, 12, 3456, 1);
          }

          @Override
          public Summary restore(Path file, boolean replace, long leastEpoch) {
            asked.add("restore " + file.getFileName() + " " + replace + " " + leastEpoch);
            return new Summary(file, 12, 3456, 7);
          }
        };
    String made =
        Shell.run(new BackupCommand(), Map.of("backups", backups, "file", "/backup/new.zip"));
    assertTrue(made.contains("/backup/new.zip") && made.contains("3456"), made);
    CommandException exists =
        assertThrows(
            CommandException.class,
            () ->
                Shell.run(
                    new BackupCommand(), Map.of("backups", backups, "file", "/backup/there.zip")));
    assertEquals("file: /backup/there.zip exists; name another one", exists.getMessage());
    Map<String, Object> forced =
        Map.of("backups", backups, "file", "/backup/new.zip", "force", true, "epoch", 7L);
    assertEquals(7, Shell.json(new RestoreCommand(), forced).get(0).get("epoch").asLong());
    assertEquals(List.of("backup new.zip", "restore new.zip true 7"), asked);
    assertThrows(
        CommandException.class, () -> Shell.run(new RestoreCommand(), Map.of("file", "x")));
  }

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

  @Test
  void whereThereIsNoCoordinatorEachCommandSaysSo() throws Exception {
    Path file = Files.write(folder.resolve("t.yaml"), "x".getBytes(StandardCharsets.UTF_8));
    for (Action command : List.of(new SitesCommand(), new RoundsCommand())) {
      assertThrows(CommandException.class, () -> Shell.run(command, Map.of()));
    }
    Map<String, Object> order = Map.of("session", Shell.session("ann"), "task", "milling");
    for (Action command :
        List.of(
            new TaskPauseCommand(),
            new TaskResumeCommand(),
            new TaskAbortCommand(),
            new TaskRetryCommand())) {
      CommandException elsewhere =
          assertThrows(CommandException.class, () -> Shell.run(command, order));
      assertTrue(elsewhere.getMessage().contains("run the command at the coordinator"));
    }
    CommandException absent =
        assertThrows(
            CommandException.class,
            () -> Shell.run(new TaskSubmitCommand(), Map.of("file", file.toString())));
    assertTrue(absent.getMessage().contains("runs no coordinator"));
  }

  private static final class FakeCoordination implements Coordination {
    private final List<String> orders = new ArrayList<>();

    @Override
    public DryRun dryRun(String yaml) {
      return new DryRun(
          DIGEST,
          "dense1.weight [64 x 1020]\n",
          67_652,
          270_608,
          270_608,
          List.of("asks for approval"));
    }

    @Override
    public Digest submit(String yaml) throws RefusedException {
      if (yaml.startsWith("tsak")) {
        throw new RefusedException(
            List.of(
                new Refusal("tsak", 1, "is not a known key"),
                new Refusal("owner", 2, "is missing")));
      }
      return DIGEST;
    }

    @Override
    public List<SiteView> sites() {
      return List.of(
          new SiteView(
              "press1",
              "0123456789abcdef",
              true,
              Optional.of(Duration.ofMillis(4200)),
              "fedwerk",
              Map.of("milling", "ready, examples 60/20/20")),
          new SiteView("press2", "ff", false, Optional.empty(), "", Map.of()));
    }

    @Override
    public List<TaskRun> tasks() {
      return List.of(
          new TaskRun(
              "milling",
              DIGEST,
              "running",
              1,
              "train",
              Map.of("press2", "training 3/10"),
              Optional.of(
                  new ModelVersion(DIGEST, 0, DIGEST, DIGEST, List.of(), List.of(), Double.NaN)),
              ""),
          new TaskRun(
              "pumps", OTHER, "paused", 2, "", Map.of(), Optional.empty(), "paused by ann"));
    }

    @Override
    public void pause(String task, String by) throws RefusedException {
      ordered("pause", task, by);
    }

    @Override
    public void resume(String task, String by) throws RefusedException {
      ordered("resume", task, by);
    }

    @Override
    public void abort(String task, String by, String reason) throws RefusedException {
      ordered("abort " + reason, task, by);
    }

    @Override
    public void retry(String task, String by) throws RefusedException {
      throw new RefusedException("task", task + " is finished; submit another document");
    }

    private void ordered(String what, String task, String by) throws RefusedException {
      if (!task.equals("milling")) {
        throw new RefusedException("task", "no task \"" + task + "\"");
      }
      orders.add(what + " " + task + " by " + by);
    }

    @Override
    public List<Act> acts(String task) {
      return List.of(new Act(1, 1, "aborted", "ann", Instant.EPOCH, "wrong labels"));
    }

    @Override
    public List<RoundRecord> rounds(String task) throws RefusedException {
      if (!task.equals("milling")) {
        throw new RefusedException("task", "no task \"" + task + "\"");
      }
      Map<String, Double> metrics = new LinkedHashMap<>();
      metrics.put("validation.accuracy", 0.9);
      metrics.put("train.loss", Double.NaN);
      Evaluation evaluation =
          new Evaluation(6, 1.5, new long[][] {{2, 1}, {0, 3}}, new long[2][Evaluation.BINS]);
      return List.of(
          new RoundRecord(
              DIGEST,
              1,
              1,
              "train",
              DIGEST,
              7,
              List.of("press1", "press2"),
              Map.of("press2", "said \"no, thanks\" \nlater"),
              metrics,
              Map.of("press1", evaluation),
              1000,
              2000,
              Instant.EPOCH,
              Duration.ofMillis(250)),
          new RoundRecord(
              DIGEST,
              2,
              1,
              "final",
              DIGEST,
              7,
              List.of("press1"),
              Map.of(),
              Map.of("test.accuracy", 0.8),
              Map.of(),
              1000,
              2000,
              Instant.EPOCH,
              Duration.ofMillis(125)));
    }

    @Override
    public List<ModelVersion> models(String task) {
      Digest base = Digest.of(new byte[] {2});
      return List.of(
          new ModelVersion(DIGEST, 0, base, base, List.of(), List.of(), Double.NaN),
          new ModelVersion(
              DIGEST, 1, DIGEST, base, List.of("press1", "press2"), List.of(60.0, 20.0), 0.9));
    }
  }

  private static final class FakeAuthority implements FederationAuthority {
    @Override
    public String federation() {
      return "plants";
    }

    @Override
    public String issueToken(String site, Duration validity) throws RefusedException {
      if (site.equals("PRESS")) {
        throw new RefusedException("site", "\"PRESS\" is no id");
      }
      return "token-" + site + "-" + validity;
    }

    @Override
    public byte[] answer(byte[] request) throws RefusedException {
      String asked = new String(request, StandardCharsets.UTF_8);
      if (!asked.startsWith("request ")) {
        throw new RefusedException("request", "it is none");
      }
      return ("answer to " + asked).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void revoke(String site) {}
  }

  private static class FakeEnrolment implements Enrolment {
    private String accepted = "";

    @Override
    public byte[] request(String token) {
      return ("request " + token).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void accept(byte[] answer) {
      accepted = new String(answer, StandardCharsets.UTF_8);
    }

    @Override
    public void enrol(String token) throws RefusedException {
      if (token.equals("used")) {
        throw new RefusedException("token", "it was used already");
      }
    }

    @Override
    public String state() {
      return "site press1 of plants";
    }
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
