// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.mqtt.internal;

import static java.time.ZoneOffset.UTC;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.signal.LabelReport;
import org.fedwerk.api.signal.SampleValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageMapperTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final Map<String, Object> keys =
      new TreeMap<>(
          Map.of(
              "name", "unit",
              "broker", "tcp://127.0.0.1:1883",
              "allow.plain", "true",
              "client.id", "unit",
              "label.q", "q/+ | /s | /c | /t",
              "label.q.codes", "0=ok, 100=bad, true=yes, io=good - enough, 0.5=half"));

  private MessageMapper mapper() throws RefusedException {
    MqttSettings settings = SettingsReader.read(keys);
    return new MessageMapper(
        settings, new ImageMapper(Plants.FIRST_BYTE, settings, Clock.fixed(NOW, UTC)), () -> 0);
  }

  private static List<Incoming> message(String topic, String json) {
    return List.of(new Incoming(topic, json.getBytes(StandardCharsets.UTF_8), 1, 1));
  }

  private static String label(String serial, String code, String time) {
    return "{\"s\":" + serial + ",\"c\":" + code + ",\"t\":" + time + "}";
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      value = {
        "0, ok",
        "0.0, ok",
        "-0.0, ok",
        "100, bad",
        "1e2, bad",
        "100.00, bad",
        "true, yes",
        "'\"true\"', yes",
        "'\" io \"', good - enough",
        "0.50, half",
      })
  void codesAreComparedAsText(String code, String name) throws Exception {
    Harvest harvest = mapper().map(message("q/a", label("\"p\"", code, "0")));
    assertEquals(List.of(name), harvest.labels().stream().map(LabelReport::value).toList());
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      value = {
        "'\"2024-02-29T23:59:59.123456789Z\"', 2024-02-29T23:59:59.123456789Z",
        "'\"2024-03-01T00:59:59+01:00\"', 2024-02-29T23:59:59Z",
        "1709251199123, 2024-02-29T23:59:59.123Z",
        "1709251199123.5, 2024-02-29T23:59:59.123500Z",
        "1.709251199e12, 2024-02-29T23:59:59Z",
      })
  void timesAreIsoOrMillis(String json, Instant time) throws Exception {
    Harvest harvest = mapper().map(message("q/a", label("1", "0", json)));
    assertEquals(time, harvest.labels().get(0).time());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"2024-02-29T23:59:59\"",
        "\"2023-02-29T00:00:00Z\"",
        "\"yesterday\"",
        "-1",
        "1e999999999",
        "1e-999999999",
        "1e99999999999",
        "9999999999999999",
        "\"+999999999-12-31T23:59:59Z\"",
        "true",
        "null",
        "{}"
      })
  void otherTimesAreRefused(String json) throws Exception {
    MessageMapper mapper = mapper();
    Harvest harvest = mapper.map(message("q/a", label("1", "0", json)));
    assertTrue(harvest.labels().isEmpty());
    assertEquals(1, mapper.readings().get(0).refused());
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      delimiter = ';',
      value = {
        "{\"s\":1,\"c\":0};missing: /t",
        "{\"s\":1.5,\"c\":0,\"t\":0};wrong type: number at /s",
        "{\"s\":[],\"c\":0,\"t\":0};wrong type: array at /s",
        "{\"s\":\" \",\"c\":0,\"t\":0};serial is blank or longer than 256: /s",
        "{\"s\":1,\"c\":null,\"t\":0};wrong type: null at /c",
        "{\"s\":1,\"c\":1e999999,\"t\":0};wrong type: number at /c",
        "{\"s\":1,\"c\":7,\"t\":0};unmapped code",
        "{\"s\":1,\"c\":0,\"c\":1,\"t\":0};not JSON",
        "{\"s\":1,\"c\":0,\"t\":0} {};not JSON",
        "NaN;not JSON",
        "3;missing: /s",
      })
  void refusalsSayWhyWithoutTheValue(String json, String why) throws Exception {
    MessageMapper mapper = mapper();
    assertTrue(mapper.map(message("q/a", json)).labels().isEmpty());
    assertEquals(why, mapper.readings().get(0).quality());
  }

  @Test
  void measuredValuesAreNumbersAndBooleans() throws Exception {
    keys.put("signal.v", "v | /v | /t | bar");
    MessageMapper mapper = mapper();
    assertEquals(
        new SampleValue.Number(-12.5),
        mapper.map(message("v", "{\"v\":-1.25e1,\"t\":0}")).samples().get(0).value());
    assertEquals(
        new SampleValue.Bool(true),
        mapper.map(message("v", "{\"v\":true,\"t\":0}")).samples().get(0).value());
    assertEquals(null, mapper.map(message("v", "{\"v\":1e400,\"t\":0}")).samples().get(0).value());
    assertEquals(List.of(), mapper.map(message("v", "{\"v\":1}")).samples());
    assertEquals(2, mapper.readings().get(0).refused());
    assertEquals(4, mapper.readings().get(0).received());
  }

  @Test
  void anEmptySerialSaysThatNoPartIsInTheMachine() throws Exception {
    keys.put("signal.serial", "part | /s | /t");
    keys.put("part", "serial");
    MessageMapper mapper = mapper();
    assertEquals(
        new SampleValue.Text("P-1"),
        mapper.map(message("part", "{\"s\":\"P-1\",\"t\":0}")).samples().get(0).value());
    assertEquals(
        new SampleValue.Text(""),
        mapper.map(message("part", "{\"s\":\" \",\"t\":0}")).samples().get(0).value());
    assertNull(mapper.map(message("part", "{\"s\":null,\"t\":0}")).samples().get(0).value());
    assertEquals(1, mapper.readings().get(0).refused());
  }

  @Test
  void oneMessageServesEveryEntryItsTopicMatches() throws Exception {
    keys.put("signal.v", "q/# | /c | /t");
    Harvest harvest = mapper().map(message("q/a", label("1", "0", "0")));
    assertEquals(1, harvest.labels().size());
    assertEquals(1, harvest.samples().size());
  }

  @Test
  void messagesOfTopicsThatNobodyAsksForAreCounted() throws Exception {
    MessageMapper mapper = mapper();
    mapper.map(message("former/topic", label("1", "0", "0")));
    assertEquals(1, mapper.unasked());
    assertEquals(0, mapper.readings().get(0).received());
  }

  @Test
  void aLabelWithAUnitIsTheNumberItself() throws Exception {
    keys.remove("label.q.codes");
    keys.put("label.q.unit", "um");
    Harvest harvest = mapper().map(message("q/a", label("1", "7.250", "0")));
    assertEquals(List.of("7.25"), harvest.labels().stream().map(LabelReport::value).toList());
    assertTrue(mapper().map(message("q/a", label("1", "\"7.25\"", "0"))).labels().isEmpty());
  }

  private static Harvest pictured(MessageMapper mapper, byte[] payload, String time) {
    return mapper.map(List.of(new Incoming("cam/1", payload, 1, 1, time)));
  }

  @Test
  void aMessageOfAnImageIsTheImageAndSaysWhenItWasTaken() throws Exception {
    keys.put("image.camera", "cam/+");
    MessageMapper mapper = mapper();
    byte[] bytes = {1, 0, (byte) 0xff};
    Harvest taken = pictured(mapper, bytes, "2024-05-01T10:00:00+02:00");
    assertEquals("camera", taken.samples().get(0).signal());
    assertEquals(Instant.parse("2024-05-01T08:00:00Z"), taken.samples().get(0).sourceTime());
    SampleValue.Image image = (SampleValue.Image) taken.samples().get(0).value();
    assertArrayEquals(bytes, image.image().bytes());
    assertEquals(NOW, pictured(mapper, bytes, null).samples().get(0).sourceTime());
    assertEquals(0, mapper.unasked());
    assertEquals("an image of 3 bytes", mapper.readings().get(0).value());
  }

  @Test
  void whatIsNoImageIsRefusedByItsReasonAndTimeGoesOn() throws Exception {
    keys.put("image.camera", "cam/+");
    keys.put("image.max-bytes", "4");
    MessageMapper mapper = mapper();
    Harvest odd = pictured(mapper, new byte[] {7}, null);
    assertNull(odd.samples().get(0).value());
    assertEquals("the image is no PNG and no JPEG", mapper.readings().get(0).quality());
    assertEquals(1, pictured(mapper, new byte[5], null).samples().size());
    assertEquals("the image has 5 bytes, allowed are 4", mapper.readings().get(0).quality());
    assertEquals(0, pictured(mapper, new byte[] {1}, "yesterday").samples().size());
    assertEquals(
        "time is not ISO-8601 with offset: user property time", mapper.readings().get(0).quality());
    assertEquals(3, mapper.readings().get(0).refused());
  }
}
