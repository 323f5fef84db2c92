// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.routes.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.signal.LabelDescriptor;
import org.fedwerk.api.signal.LabelReport;
import org.fedwerk.api.signal.Sample;
import org.fedwerk.api.signal.SampleValue;
import org.fedwerk.api.signal.SignalDescriptor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What samples and labels take, and what they refuse. */
class InTest {
  private static final Instant SIX = Instant.parse("2026-01-05T06:00:00Z");
  private static final String SAMPLES =
      "fedwerk:samples?source=mill&part=serial&signals=serial,torque [Nm]";
  private static final String LABELS =
      "fedwerk:labels?source=quality&label=wear&codes=0=ok,1=worn, X=worn";

  private final FakeServices services = new FakeServices();
  private final DefaultCamelContext context = new DefaultCamelContext();

  private Exchange sent(String uri, Object body) {
    if (!context.isStarted()) {
      context.addComponent("fedwerk", new FedwerkComponent(services));
      context.start();
    }
    return context.createProducerTemplate().send(uri, exchange -> exchange.getIn().setBody(body));
  }

  private void takes(String uri, Object body) {
    Exchange exchange = sent(uri, body);
    if (exchange.getException() != null) {
      throw new AssertionError(exchange.getException());
    }
  }

  private String refusal(String uri, Object body) {
    Exception failed = sent(uri, body).getException();
    assertNotNull(failed, "it was taken");
    return Complaint.shortly(failed);
  }

  @AfterEach
  void stop() {
    context.stop();
  }

  @Test
  void jsonIsOneSampleOrTheValuesOfATimeOrAListOfThem() {
    takes(
        SAMPLES,
        """
        {"signal": "torque", "value": 40.5, "time": "2026-01-05T07:00:00+01:00", "status": 1073741824}
        [{"time": 1767592800000, "serial": 17, "torque": true}, {"time": 1767592800000, "serial": ""}]
        """);
    assertEquals(
        List.of(
            new Sample("torque", new SampleValue.Number(40.5), 1 << 30, SIX),
            new Sample("serial", new SampleValue.Text("17"), 0, SIX),
            new Sample("torque", new SampleValue.Bool(true), 0, SIX),
            new Sample("serial", new SampleValue.Text(""), 0, SIX)),
        services.samples);
  }

  @Test
  void csvHasALineOfNamesAndAnEmptyCellIsNoValue() {
    takes(
        SAMPLES + "&format=csv",
        "\uFEFFtime,serial,torque\r\n2026-01-05T06:00:00Z,\"P,\"\"1\",\r\n1767592800000,\"\",40.5\r\n\r\n");
    assertEquals(
        List.of(
            new Sample("serial", new SampleValue.Text("P,\"1"), 0, SIX),
            new Sample("serial", new SampleValue.Text(""), 0, SIX),
            new Sample("torque", new SampleValue.Number(40.5), 0, SIX)),
        services.samples);
  }

  @Test
  void aBareValueIsTheOnlySignalsAndTheTimeMayBeThatOfArrival() {
    Instant before = Instant.now();
    takes("fedwerk:samples?source=hall&signals=temperature[K]&time=arrival", "293.5");
    Sample sample = services.samples.get(0);
    assertEquals(new SampleValue.Number(293.5), sample.value());
    assertTrue(!sample.sourceTime().isBefore(before.minusSeconds(1)));
  }

  @Test
  void recordsOfTheApiAreTakenAsTheyAre() {
    Sample sample = new Sample("torque", new SampleValue.Number(1), 0, SIX);
    takes(SAMPLES, List.of(sample, sample));
    assertEquals(List.of(sample, sample), services.samples);
    LabelReport label = new LabelReport("P-1", "wear", "ok", "quality", SIX, null);
    takes(LABELS, label);
    assertEquals(List.of(label), services.labels);
  }

  @Test
  void theSiteSeesTheEndpointAsASourceWithUnitsAndNewestValues() {
    takes(SAMPLES, "{\"signal\": \"torque\", \"value\": 40.5, \"time\": 1767592800000}");
    RouteSource source = Objects.requireNonNull(services.sources.get("mill"));
    assertEquals(
        List.of(
            new SignalDescriptor("serial", "", "fedwerk:samples serial", true),
            new SignalDescriptor("torque", "Nm", "fedwerk:samples torque", false)),
        source.signals());
    assertEquals("40.5", source.readings().get(1).value());
    assertEquals(SIX, source.readings().get(1).sourceTime());
    context.stop();
    assertEquals(Map.of(), services.sources);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"signal": "torque", "value": "high", "time": 0} | json | entry 1, value: "high" is no number
          {"torque": 1} | json | entry 1, time: it is missing; add it, or set time=arrival
          {"torque": 1, "time": "yesterday"} | json | entry 1, time: "yesterday" is no time; use 2026-01-05T06:00:00Z, or milliseconds since 1970
          {"torqe": 1, "time": 0} | json | entry 1, torqe: it is no signal of this endpoint; add it to signals, or set others=skip
          {"torque": [1], "time": 0} | json | entry 1, torque: it must be a number, true or false, or a text
          {"torque": 1, "time": 0, "status": -1} | json | entry 1, status: "-1" is no OPC UA status, a number from 0
          {"torque": 1 | json | line 1: this is no JSON
          '' | json | the body is empty
          time,torque\\n0,1\\n0,x | csv | line 3, torque: "x" is no number
          time,torque\\n0,1,2 | csv | line 2: it has 3 cells, line 1 has 2
          time,torque\\n0,"1 | csv | line 2: a quote is not closed
          time,time\\n0,1 | csv | line 1: a name stands twice
          time,torque | csv | CSV needs a line of names and at least one line of values
          """)
  void aMistakeIsToldWithItsPlaceAndNothingOfTheBodyIsTaken(
      String body, String format, String message) {
    String why = refusal(SAMPLES + "&format=" + format, body.replace("\\n", "\n"));
    assertTrue(why.startsWith(message), why);
    assertEquals(List.of(), services.samples);
  }

  @Test
  void labelsAreMappedByTheCodeTableAndAnUnknownCodeIsReported() {
    takes(
        LABELS,
        """
        [{"serial": "P-1", "code": 0, "time": 1767592800000, "role": "test"},
         {"serial": 2, "code": "X", "time": 1767592800000, "role": null},
         {"serial": "P-3", "code": "7", "time": 1767592800000}]
        """);
    assertEquals(
        List.of(
            new LabelReport("P-1", "wear", "ok", "quality", SIX, DataRole.TEST),
            new LabelReport("2", "wear", "worn", "quality", SIX, null)),
        services.labels);
    assertEquals(List.of("quality wear P-3"), services.unmapped);
    RouteSource source = Objects.requireNonNull(services.sources.get("quality"));
    assertEquals(List.of("ok", "worn"), source.labels().get(0).classes());
    assertEquals(1, source.readings().get(0).refused());
  }

  @Test
  void aLabelWithAUnitIsTheNumberItself() {
    String numbers = "fedwerk:labels?source=lab&label=depth&unit=um";
    takes(numbers, "[{\"serial\": \"P-1\", \"code\": 7.250, \"time\": 1767592800000}]");
    assertEquals(
        List.of(new LabelReport("P-1", "depth", "7.25", "lab", SIX, null)), services.labels);
    RouteSource source = Objects.requireNonNull(services.sources.get("lab"));
    assertEquals(LabelDescriptor.ofNumber("depth", "um"), source.labels().get(0));
    String why =
        refusal(numbers, "[{\"serial\": \"P-2\", \"code\": \"deep\", \"time\": 1767592800000}]");
    assertTrue(why.contains("\"deep\" is not a number"), why);
  }

  @Test
  void aLabelWithAMistakeIsRefusedWithAllOfItsBody() {
    String why =
        refusal(
            LABELS + "&format=csv",
            "serial,code,time,role\nP-1,0,1767592800000,\nP-2,0,1767592800000,exam\n");
    assertEquals("line 3, role: \"exam\" is none of train, validation and test", why);
    assertEquals(List.of(), services.labels);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          fedwerk:samples?signals=a[K] | fedwerk:samples: the option source is missing
          fedwerk:samples?source=x | fedwerk:samples: the option signals is missing
          fedwerk:samples?source=x&signals=a,a | fedwerk:samples: signals = "a,a" is not allowed; use names that differ, with units: serial, torque [Nm]
          fedwerk:labels?source=x&label=wear&codes=0 | fedwerk:labels: codes = "0" is not allowed; use codes that differ, with classes: 0=ok, 1=failure
          fedwerk:samples?source=x&signals=a[K]&part=b | fedwerk:samples: part = "b" is not allowed; use one of the declared signals
          fedwerk:samples?source=x&signals=a[K]&format=xml | fedwerk:samples: format = "xml" is not allowed; use json or csv
          fedwerk:samples?source=x&signals=a[K]&formt=csv | unknown option formt
          fedwerk:labels?source=x&label=wear | fedwerk:labels: the option codes is missing
          fedwerk:predictions | fedwerk:predictions gives messages and takes none: use it in from
          fedwerk:sample | fedwerk:sample does not exist; use samples, labels, predictions, rounds, outbox or inbox
          fedwerk:inbox?patience=0 | fedwerk:inbox needs the header FedwerkTopic, or the name of a sealed file
          """)
  void anEndpointThatCannotBeSaysWhy(String uri, String message) {
    context.addComponent("fedwerk", new FedwerkComponent(services));
    context.start();
    Exception failed =
        assertThrows(
            Exception.class,
            () -> {
              Exchange exchange =
                  context
                      .createProducerTemplate()
                      .send(uri, each -> each.getIn().setBody("x".getBytes("UTF-8")));
              if (exchange.getException() != null) {
                throw exchange.getException();
              }
            });
    assertEquals(message, Complaint.shortly(failed));
  }

  @Test
  void withoutASiteNothingIsTaken() {
    services.isSite = false;
    assertEquals(
        "fedwerk:samples finds nobody who takes samples: install fedwerk-site",
        refusal(SAMPLES, "{\"torque\": 1, \"time\": 0}"));
    assertEquals(
        "fedwerk:labels finds nobody who takes labels: install fedwerk-site",
        refusal(LABELS, "{\"serial\": 1, \"code\": 0, \"time\": 0}"));
  }
}
