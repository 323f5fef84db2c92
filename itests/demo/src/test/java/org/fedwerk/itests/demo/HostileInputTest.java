// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.fedwerk.api.identity.Identity;
import org.fedwerk.identity.internal.Authority;
import org.fedwerk.identity.internal.SiteIdentity;
import org.fedwerk.itests.demo.SharedFederation.Started;
import org.fedwerk.itests.harness.KarafInstance;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** What comes from machines that fail and from strangers at the broker. */
@Order(3)
@ExtendWith(SharedFederation.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class HostileInputTest {
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final String SITE = "plant-c";
  private static final String SOURCE = "signal-opcua";

  private static Started started;

  @BeforeAll
  static void aFederation(Started shared) {
    started = shared;
  }

  private static KarafInstance site() {
    return started.site(SITE);
  }

  private static JsonNode source() throws IOException {
    return Told.status(site().json("fedwerk:status"), SOURCE);
  }

  @Test
  @Order(1)
  void aMachineThatIsDownWhenItsSiteStartsIsToldInWordsAndFoundLater() throws Exception {
    for (Map.Entry<String, JsonNode> early : started.early().entrySet()) {
      JsonNode line = Told.status(early.getValue(), SOURCE);
      assertEquals("DOWN", line.path("state").asText(), early.toString());
      assertTrue(line.path("detail").asText().contains("nothing listens at"), early.toString());
      assertEquals("", Told.stackTrace(started.earlyLogs().get(early.getKey())));
    }
    // Nobody told the sites to try again.
    for (KarafInstance site : started.federation().sites().values()) {
      assertEquals(
          "READY", Told.status(site.json("fedwerk:status"), SOURCE).path("state").asText());
    }
  }

  @Test
  @Order(2)
  void aWrongPasswordAtTheMachineIsToldOnceAndHealedByTheCorrectOne() throws Exception {
    int logged = site().log().length();
    started.federation().configureMachine(started.plant(SITE), "not-the-password");
    site()
        .await(
            "the refused password",
            LONG,
            each ->
                source().path("state").asText().equals("DOWN")
                    && source().path("detail").asText().contains("refused user"));
    started.federation().configureMachine(started.plant(SITE), started.federation().password());
    site().await("the source", LONG, each -> source().path("state").asText().equals("READY"));
    String since = site().log().substring(logged);
    assertEquals(1, since.lines().filter(line -> line.contains("refused user")).count(), since);
    assertEquals("", Told.stackTrace(since));
    assertFalse(since.contains("not-the-password"));
    assertFalse(source().path("detail").asText().contains("not-the-password"));
    // Only now, as reading the signals counts from the new start of the source.
    site().await("values", LONG, each -> Told.signal(each, "torque").path("received").asLong() > 0);
  }

  @Test
  @Order(3)
  void nanAndTextsFromTheMachineAreMaskedAndCounted() throws Exception {
    long missing = missing();
    disturb("torque", "nan");
    disturb("tool-wear", "text");
    site()
        .await(
            "NaN and a text",
            LONG,
            each ->
                Told.signal(each, "torque").path("value").asText().equals("NaN")
                    && Told.signal(each, "tool-wear").path("refused").asLong() > 0
                    && Told.signal(each, "tool-wear")
                        .path("quality")
                        .asText()
                        .equals("wrong type: text"));
    // A whole part of both: 8 steps each.
    site().await("masked samples", LONG, each -> missing() >= missing + 16);
    disturb("torque", "none");
    disturb("tool-wear", "none");
    long refused = Told.signal(site(), "tool-wear").path("refused").asLong();
    assertEquals(0, Told.signal(site(), "rotational-speed").path("refused").asLong());
    site()
        .await(
            "good values again",
            LONG,
            each ->
                Double.isFinite(Told.signal(each, "torque").path("value").asDouble())
                    && !Told.signal(each, "torque").path("value").asText().equals("NaN")
                    && Told.signal(each, "tool-wear").path("quality").asText().equals("good"));
    assertTrue(Told.signal(site(), "tool-wear").path("refused").asLong() >= refused);
    assertEquals("", Told.stackTrace(site().log()));
  }

  private static void disturb(String signal, String with) throws IOException {
    started.federation().plants().exec("plant:disturb " + SITE + " " + signal + " " + with);
  }

  private static long missing() throws IOException {
    return site().json("fedwerk:parts").get(0).get("missingSamples").asLong();
  }

  @Test
  @Order(4)
  void withoutACertificateOfTheFederationNobodyGetsToTheBroker() throws Exception {
    Path folder = started.fresh("stranger");
    Identity member = Member.site(site(), folder.resolve("member"));
    SSLContext none = Member.tls(null, member.tls());
    SSLContext foreign;
    try (Authority other = Authority.loopback(folder.resolve("other-hq"), "demo", 0)) {
      Identity stranger =
          SiteIdentity.enrol(
              folder.resolve("other-site"), other.issueToken(SITE, Duration.ofMinutes(5)));
      foreign = Member.tls(stranger.tls(), member.tls());
    }
    int port = started.federation().brokerPort();
    for (SSLContext tls : new SSLContext[] {none, foreign}) {
      try (Member refused = new Member(port, SITE + ".stranger", tls)) {
        assertThrows(MqttException.class, refused::connect);
        assertFalse(refused.isConnected());
        assertEquals(0, refused.seen().size());
      }
    }
    // The same client with the site's own key is let in, so it was the certificate.
    SSLContext own = Member.tls(member.tls(), member.tls());
    try (Member let = new Member(port, SITE + ".stranger", own).connect()) {
      assertEquals(1, let.subscribe("fedwerk/demo/all/#"));
    }
    try (Member thief = new Member(port, "plant-a.to", own)) {
      assertThrows(MqttException.class, thief::connect, "a client id of another site");
    }
    assertEquals("", Told.stackTrace(started.coordinator().log()));
  }
}
