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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.karaf.shell.support.CommandException;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.identity.Enrolment;
import org.fedwerk.api.identity.FederationAuthority;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnrolCommandTest {
  @TempDir Path folder;

  @Test
  void aTokenStandsInTheAnswerThatMakesItAndInNoOther() throws Exception {
    Map<String, Object> hq = Map.of("authority", new FakeAuthority());
    JsonNode made = Shell.json(new EnrolCommand(), Shell.with(hq, "site", "press1")).get(0);
    assertEquals("token-press1-PT24H", made.get("token").asText());
    assertEquals(
        "press1",
        Shell.json(new EnrolCommand(), Shell.with(hq, "revoke", "press1"))
            .get(0)
            .get("revoked")
            .asText());
    Map<String, Object> site = Map.of("enrolment", new FakeEnrolment(), "token", "abc-secret");
    JsonNode joined = Shell.json(new EnrolCommand(), site).get(0);
    assertEquals("site press1 of plants", joined.get("state").asText());
    assertFalse(joined.toString().contains("secret"));
  }

  @Test
  void aSiteWithoutANetworkEnrolsByTwoFiles() throws Exception {
    FakeEnrolment enrolment = new FakeEnrolment();
    Map<String, Object> site = Map.of("enrolment", enrolment);
    Map<String, Object> hq = Map.of("authority", new FakeAuthority());
    String file = folder.resolve("press1.request").toString();
    String told = Shell.run(new EnrolCommand(), Shell.with(site, "token", "abc", "request", file));
    assertTrue(told.startsWith("carry " + file + " to the coordinator"), told);
    assertEquals("request abc", Files.readString(Path.of(file)));
    assertThrows(
        CommandException.class,
        () -> Shell.run(new EnrolCommand(), Shell.with(site, "token", "abc", "request", file)));
    assertEquals(
        "carry " + file + ".answer to the site" + System.lineSeparator(),
        Shell.run(new EnrolCommand(), Shell.with(hq, "answer", file)));
    Shell.run(new EnrolCommand(), Shell.with(site, "accept", file + ".answer"));
    assertEquals("answer to request abc", enrolment.accepted);
    for (Map<String, Object> wrong :
        List.of(
            Shell.with(hq, "answer", file + ".answer"),
            Shell.with(hq, "answer", folder.resolve("none").toString()),
            Shell.with(site, "answer", file),
            Shell.with(hq, "accept", file),
            Shell.with(site, "request", folder.resolve("other").toString()))) {
      assertThrows(CommandException.class, () -> Shell.run(new EnrolCommand(), wrong));
    }
  }

  @Test
  void enrolWorksOnBothSidesAndSaysWhereItCannot() throws Exception {
    Map<String, Object> hq = Map.of("authority", new FakeAuthority());
    assertEquals(
        "token-press1-PT24H" + System.lineSeparator(),
        Shell.run(new EnrolCommand(), Shell.with(hq, "site", "press1")));
    assertEquals(
        "token-press1-PT2H" + System.lineSeparator(),
        Shell.run(new EnrolCommand(), Shell.with(hq, "site", "press1", "hours", 2)));
    assertEquals(
        "revoked press1" + System.lineSeparator(),
        Shell.run(new EnrolCommand(), Shell.with(hq, "revoke", "press1")));
    for (Map<String, Object> wrong :
        List.of(
            Shell.with(hq, "site", "PRESS"),
            Shell.with(hq, "site", "press1", "hours", 0),
            Shell.with(hq, "token", "abc"),
            hq)) {
      assertThrows(CommandException.class, () -> Shell.run(new EnrolCommand(), wrong));
    }
    Map<String, Object> site = Map.of("enrolment", new FakeEnrolment());
    assertEquals(
        "enrolled: site press1 of plants" + System.lineSeparator(),
        Shell.run(new EnrolCommand(), Shell.with(site, "token", "abc")));
    assertEquals(
        "site press1 of plants" + System.lineSeparator(), Shell.run(new EnrolCommand(), site));
    CommandException used =
        assertThrows(
            CommandException.class,
            () -> Shell.run(new EnrolCommand(), Shell.with(site, "token", "used")));
    assertEquals("token: it was used already", used.getMessage());
    assertThrows(
        CommandException.class, () -> Shell.run(new EnrolCommand(), Shell.with(site, "site", "x")));
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
}
