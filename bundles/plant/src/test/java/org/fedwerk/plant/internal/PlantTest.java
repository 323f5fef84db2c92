// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.plant.internal;

import static org.fedwerk.plant.internal.opcua.PlantClient.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.fedwerk.plant.internal.opcua.PlantClient;
import org.fedwerk.plant.internal.opcua.PlantServer;
import org.fedwerk.plant.internal.opcua.ServerSettings;
import org.fedwerk.plant.internal.probe.ProbeSettings;
import org.fedwerk.plant.process.MillingProcess;
import org.fedwerk.plant.process.MillingProfile;
import org.fedwerk.plant.process.ProcessPart;
import org.fedwerk.plant.process.ProcessSignal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlantTest {
  private static final String SITE = "press-1";
  private static final Login LOGIN = new Login("line", "a long password");
  private static final MillingProcess MILLING = new MillingProcess(MillingProfile.SITE_A, 1);

  @TempDir Path folder;
  private final List<AutoCloseable> open = new ArrayList<>();

  @BeforeEach
  void aClientCertificateIsTrusted() throws Exception {
    PlantClient.trust(PlantClient.certificate(folder.resolve("client")), folder.resolve(SITE));
  }

  @AfterEach
  void stopAll() throws Exception {
    for (int k = open.size() - 1; k >= 0; k--) {
      open.get(k).close();
    }
  }

  private ServerSettings server(String site) {
    return new ServerSettings(site, "127.0.0.1", 0, LOGIN, folder.resolve(site), false);
  }

  private Plant started(Pace pace, Optional<ProbeSettings> probe) throws Exception {
    Plant plant =
        new Plant(new PlantSettings(server(SITE), pace, Optional.empty(), probe), () -> MILLING);
    open.add(plant);
    plant.start();
    await("a listening server", () -> !plant.snapshot().endpoint().isEmpty());
    return plant;
  }

  private PlantClient client(Plant plant) throws Exception {
    PlantClient client =
        new PlantClient(
            plant.snapshot().endpoint(), folder.resolve("client"), LOGIN.user(), LOGIN.password());
    open.add(client);
    return client;
  }

  @Test
  void aClientWithAQueueOfTenGetsEveryValueOfFiveHundredPartsInOrder() throws Exception {
    int parts = 500;
    Plant plant = started(new Pace(true, parts, 0, 0, true, true), Optional.empty());
    assertEquals(PlantState.WAITING, plant.snapshot().state());
    PlantClient client = client(plant);
    client.subscribe(SITE, MILLING.signals(), 10);
    await("all parts", () -> plant.snapshot().state() == PlantState.DONE);
    int perSignal = parts * MillingProcess.STEPS + 1;
    for (ProcessSignal signal : MILLING.signals()) {
      await(signal.name(), () -> client.values(signal.name()).size() >= perSignal);
    }
    await("serials", () -> client.values(PlantServer.SERIAL).size() > parts);

    List<Object> serials = new ArrayList<>();
    List<List<Object>> values =
        Stream.<List<Object>>generate(ArrayList::new).limit(MILLING.signals().size()).toList();
    List<Instant> times = new ArrayList<>();
    Iterator<ProcessPart> made = MILLING.iterator();
    Instant end = Instant.EPOCH;
    for (int n = 0; n < parts; n++) {
      ProcessPart part = made.next();
      serials.add(part.serial());
      end = part.end();
      for (int k = 0; k < part.offsets().length; k++) {
        times.add(part.begin().plusNanos(part.offsets()[k]));
        for (int s = 0; s < values.size(); s++) {
          values.get(s).add(part.values()[s][k]);
        }
      }
    }
    serials.add("");
    times.add(end.plusMillis(500));
    assertEquals(serials, client.values(PlantServer.SERIAL));
    for (int s = 0; s < values.size(); s++) {
      List<Object> expected = values.get(s);
      expected.add(expected.get(expected.size() - 1));
      String name = MILLING.signals().get(s).name();
      assertEquals(expected, client.values(name), name);
      assertEquals(times, client.times(name), name);
      assertEquals(expected.size(), plant.snapshot().values().get(name));
    }
    assertEquals(parts + 1, plant.snapshot().values().get(PlantServer.SERIAL));
    assertEquals(0, client.overflows());
    assertEquals(0, plant.snapshot().overflows());
    assertEquals("", client.read(SITE, new ProcessSignal(PlantServer.SERIAL, "")));
  }

  @Test
  void aDisturbedSignalDeliversNanAndTextsAndTheOthersDoNotNotice() throws Exception {
    Plant plant = started(new Pace(true, 1, 500, 2, false, true), Optional.empty());
    PlantClient client = client(plant);
    client.subscribe(SITE, MILLING.signals(), 100);
    await("holding", () -> plant.snapshot().state() == PlantState.HOLDING);
    assertThrows(IllegalArgumentException.class, () -> plant.disturb("no-signal", Disturbance.NAN));
    plant.disturb("torque", Disturbance.NAN);
    plant.disturb("tool-wear", Disturbance.TEXT);
    plant.trickle(true);
    await("all parts", () -> plant.snapshot().state() == PlantState.DONE);
    int all = 3 * MillingProcess.STEPS + 2;
    for (String signal : List.of("torque", "tool-wear", "rotational-speed")) {
      await(signal, () -> client.values(signal).size() == all);
    }
    int before = MillingProcess.STEPS + 1;
    assertEquals(
        List.of(Double.NaN),
        client.values("torque").subList(before, all).stream().distinct().toList());
    assertEquals(
        List.of("n/a"),
        client.values("tool-wear").subList(before, all).stream().distinct().toList());
    assertTrue(
        client.values("torque").subList(0, before).stream()
            .noneMatch(value -> value.equals(Double.NaN)));
    assertTrue(
        client.values("rotational-speed").stream()
            .allMatch(value -> value instanceof Double speed && Double.isFinite(speed)));
  }

  @Test
  void aSignalThatHasLostItsCalibrationDeliversEachValueTimesAFactorUntilItIsPutRight()
      throws Exception {
    Plant plant = started(new Pace(true, 1, 500, 2, false, true), Optional.empty());
    PlantClient client = client(plant);
    client.subscribe(SITE, MILLING.signals(), 100);
    await("holding", () -> plant.snapshot().state() == PlantState.HOLDING);
    plant.disturb("torque", new Disturbance.Gain(2));
    plant.disturb("tool-wear", new Disturbance.Gain(2));
    plant.disturb("tool-wear", Disturbance.NONE);
    plant.trickle(true);
    await("all parts", () -> plant.snapshot().state() == PlantState.DONE);
    int before = MillingProcess.STEPS + 1;
    int all = 3 * MillingProcess.STEPS + 2;
    for (String signal : List.of("torque", "tool-wear")) {
      await(signal, () -> client.values(signal).size() == all);
    }
    Iterator<ProcessPart> parts = MILLING.iterator();
    parts.next();
    ProcessPart second = parts.next();
    int torque = MILLING.signals().stream().map(ProcessSignal::name).toList().indexOf("torque");
    for (int k = 0; k < MillingProcess.STEPS; k++) {
      assertEquals(2 * second.values()[torque][k], client.values("torque").get(before + k));
      assertEquals(second.values()[torque + 1][k], client.values("tool-wear").get(before + k));
    }
    assertThrows(IllegalArgumentException.class, () -> new Disturbance.Gain(Double.NaN));
  }

  @Test
  void theSteadyPaceHoldsAndGoesOnByCommandAndTheMachineIsEmptyMeanwhile() throws Exception {
    Plant plant = started(new Pace(true, 2, 500, 3, false, true), Optional.empty());
    PlantClient client = client(plant);
    client.subscribe(SITE, MILLING.signals(), 100);
    await("holding", () -> plant.snapshot().state() == PlantState.HOLDING);
    await("an empty machine", () -> client.values(PlantServer.SERIAL).size() == 3);
    assertEquals("", client.values(PlantServer.SERIAL).get(2));

    plant.trickle(true);
    await("all parts", () -> plant.snapshot().state() == PlantState.DONE);
    await("all serials", () -> client.values(PlantServer.SERIAL).size() == 7);
    List<Instant> times = client.times(PlantServer.SERIAL);
    assertEquals(times.stream().sorted().distinct().toList(), times);
    assertEquals(2, plant.snapshot().bulkParts());
    assertEquals(3, plant.snapshot().trickleParts());
  }

  @Test
  void aPlantThatIsToldToStartMakesNothingBefore() throws Exception {
    Plant plant = started(new Pace(false, 3, 0, 0, true, true), Optional.empty());
    PlantClient client = client(plant);
    client.subscribe(SITE, MILLING.signals(), 100);
    await("waiting", () -> plant.snapshot().detail().equals("waiting for plant:start"));
    assertEquals(0, plant.snapshot().values().get(PlantServer.SERIAL));
    plant.begin();
    await("all parts", () -> plant.snapshot().state() == PlantState.DONE);
    assertEquals(3, plant.snapshot().bulkParts());
  }

  @Test
  void whenTheClientGoesThePlantWaitsForAnotherOne() throws Exception {
    Plant plant = started(new Pace(true, 0, 200, 0, true, true), Optional.empty());
    PlantClient first = client(plant);
    first.subscribe(SITE, MILLING.signals(), 100);
    await("some parts", () -> plant.snapshot().trickleParts() > 3);
    first.close();
    open.remove(first);
    await("waiting", () -> plant.snapshot().state() == PlantState.WAITING);
    long made = plant.snapshot().trickleParts();
    PlantClient second = client(plant);
    second.subscribe(SITE, MILLING.signals(), 100);
    await("more parts", () -> plant.snapshot().trickleParts() > made + 3);
  }

  @Test
  void aClientThatIsNotTrustedIsRefusedAndItsCertificateIsKept() throws Exception {
    Plant plant = started(new Pace(true, 1, 0, 0, true, true), Optional.empty());
    assertThrows(
        UaException.class,
        () ->
            new PlantClient(
                plant.snapshot().endpoint(),
                folder.resolve("stranger"),
                LOGIN.user(),
                LOGIN.password()));
    try (Stream<Path> rejected = Files.list(folder.resolve(SITE + "/rejected"))) {
      assertEquals(1, rejected.count());
    }
  }

  @Test
  void aWrongPasswordIsRefused() throws Exception {
    Plant plant = started(new Pace(true, 1, 0, 0, true, true), Optional.empty());
    UaException refused =
        assertThrows(
            UaException.class,
            () ->
                new PlantClient(
                    plant.snapshot().endpoint(),
                    folder.resolve("client"),
                    LOGIN.user(),
                    "wrong password"));
    assertFalse(refused.getStatusCode().isGood());
  }

  @Test
  void theKeyOfAServerStaysTheSameAndIsReadableByItsOwnerOnly() throws Exception {
    byte[] first = Files.readAllBytes(PlantClient.certificate(folder.resolve("client")));
    byte[] second = Files.readAllBytes(PlantClient.certificate(folder.resolve("client")));
    assertArrayEquals(first, second);
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(
            Files.getPosixFilePermissions(folder.resolve("client/own.key"))));
  }

  @Test
  void theProbeMeasuresFromTheLastValueOfAPartToItsPrediction() throws Exception {
    PlantServer predictions = PlantServer.start(server("scada"), List.of());
    open.add(predictions);
    Path probeFolder = folder.resolve("probe");
    ProbeSettings settings =
        new ProbeSettings(
            predictions.endpoint(),
            LOGIN,
            "nsu=urn:fedwerk:plant:scada;s=Machine.PartSerial",
            probeFolder,
            true);
    Plant plant = started(new Pace(true, 2, 100, 5, false, true), Optional.of(settings));
    await("the probe's certificate", () -> Files.exists(probeFolder.resolve("own.der")));
    Files.copy(probeFolder.resolve("own.der"), folder.resolve("scada/trusted/probe.der"));
    await("a subscribed probe", predictions::isSubscribed);
    PlantClient client = client(plant);
    client.subscribe(SITE, MILLING.signals(), 100);
    await("holding", () -> plant.snapshot().state() == PlantState.HOLDING);
    plant.trickle(true);
    await("all parts", () -> plant.snapshot().state() == PlantState.DONE);
    Iterator<ProcessPart> parts = MILLING.iterator();
    for (int n = 0; n < 7; n++) {
      predictions.writeSerial(parts.next().serial(), Instant.EPOCH);
    }
    await("five measured", () -> plant.snapshot().probe().count() == 5);
    PlantStatus.Probe probe = plant.snapshot().probe();
    assertTrue(probe.p50Millis() > 0 && probe.p50Millis() <= probe.p99Millis(), probe.toString());
    assertTrue(probe.state().startsWith("subscribed to"), probe.state());
  }

  @Test
  void statusForProgramsIsOneJsonObject() {
    Plant plant =
        new Plant(
            new PlantSettings(
                server(SITE),
                new Pace(true, 1, 0, 0, true, true),
                Optional.empty(),
                Optional.empty()),
            () -> MILLING);
    assertEquals(
        "{\"site\":\"press-1\",\"state\":\"STARTING\","
            + "\"detail\":\"reading data and opening the server\",\"process\":\"\","
            + "\"endpoint\":\"\",\"parts\":0,\"bulkParts\":0,\"trickleParts\":0,\"values\":{},"
            + "\"overflows\":0,\"labels\":{\"state\":\"off\",\"sent\":0,\"acknowledged\":0},"
            + "\"probe\":{\"state\":\"off\",\"count\":0,\"p50Millis\":null,\"p99Millis\":null}}",
        Json.object(plant.snapshot().fields()));
  }
}
