// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.plant.process;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.data.DataRole;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayProcessTest {
  private static final Path HYDRAULIC = Path.of("../../../shared/data/hydraulic");
  private static final Path MANIFEST = Path.of("../../docs/examples/hydraulic-manifest.yaml");

  private static final String YAML =
      """
      fedwerk-data: 1
      name: press
      cycle: stroke
      time: t
      step: 0.5
      label: {name: quality, column: result, codes: [ok, nok]}
      role: use
      signals:
        - {column: F, name: force, unit: kN}
        - {column: P}
      sites:
        - {name: north, data: [a.csv, b.csv.gz], labels: labels.csv}
      """;

  private static final String LABELS = "stroke,result,use\ns1,ok,train\ns2,nok,test\n";

  @TempDir Path folder;

  private ReplayProcess replay(String yaml) throws RefusedException {
    return new ReplayProcess(ManifestReader.parse("m.yaml", yaml, folder), "north");
  }

  private void write(String first, String second, String labels) throws IOException {
    Files.writeString(folder.resolve("a.csv"), first);
    try (var gz = new GZIPOutputStream(Files.newOutputStream(folder.resolve("b.csv.gz")))) {
      gz.write(second.getBytes(StandardCharsets.UTF_8));
    }
    Files.writeString(folder.resolve("labels.csv"), labels);
  }

  @Test
  void partsAreReadFromPlainAndCompressedFilesWithTheirLabelsAndRoles() throws Exception {
    write(
        "stroke,t,F,P\ns1,0,1.5,7\ns1,0.5,2.5,\n",
        "stroke,t,F,P\n\"s2\",0,3,8\ns2,0.5,4,9\ns2,1,5,10\ns3,0,6,11\n",
        LABELS);
    ReplayProcess process = replay(YAML);
    assertEquals(3, process.parts());
    assertEquals(
        List.of(new ProcessSignal("force", "kN"), new ProcessSignal("P", "")), process.signals());
    Iterator<ProcessPart> parts = process.iterator();

    ProcessPart first = parts.next();
    assertEquals("s1", first.serial());
    assertEquals(PlantProcess.START, first.begin());
    assertEquals(Duration.ofSeconds(1), first.length());
    assertArrayEquals(new long[] {250_000_000, 750_000_000}, first.offsets());
    assertArrayEquals(new double[] {1.5, 2.5}, first.values()[0]);
    assertArrayEquals(new double[] {7, Double.NaN}, first.values()[1]);
    assertEquals(Optional.of("ok"), first.code());
    assertEquals(Optional.of(DataRole.TRAIN), first.role());

    ProcessPart second = parts.next();
    assertEquals(first.end(), second.begin());
    assertEquals(Optional.of("nok"), second.code());
    assertEquals(Optional.of(DataRole.TEST), second.role());
    assertEquals(Optional.empty(), parts.next().code());
    assertFalse(parts.hasNext());
  }

  @Test
  void aFieldThatIsNoNumberIsRefusedWithFileLineAndColumn() throws Exception {
    write("stroke,t,F,P\ns1,0,1,7\ns1,0.5,high,8\n", "stroke,t,F,P\ns2,0,1,1\n", LABELS);
    assertRefused(YAML, "line 3, a.csv: column F: \"high\" is no number");
  }

  @Test
  void anUnknownCodeIsRefusedWithFileLineAndColumn() throws Exception {
    write("stroke,t,F,P\ns1,0,1,7\n", "stroke,t,F,P\ns2,0,1,1\n", LABELS + "s3,scrap,test\n");
    assertRefused(YAML, "line 4, labels.csv: column result: \"scrap\" is none of the codes");
  }

  @Test
  void aMissingColumnIsRefusedWithTheColumnsThereAre() throws Exception {
    write("stroke,t,F\ns1,0,1\n", "stroke,t,F,P\ns2,0,1,1\n", LABELS);
    assertRefused(YAML, "line 1, a.csv: column P is missing; there are [stroke, t, F]");
  }

  @Test
  void aPartThatComesAgainIsRefused() throws Exception {
    write("stroke,t,F,P\ns1,0,1,7\n", "stroke,t,F,P\ns2,0,1,1\ns1,0,1,1\n", LABELS);
    assertRefused(YAML, "line 3, b.csv.gz: column stroke: part s1 comes again after others");
  }

  @Test
  void aMisspeltKeyOfTheManifestIsRefusedWithLineAndColumn() {
    assertRefused(
        YAML.replace("{column: F, name:", "{column: F, nmae:"),
        "line 9, m.yaml: column 17: key \"nmae\" is not known here");
    assertRefused(YAML.replace("step: 0.5", "step: fast"), "line 5, m.yaml: column 7: \"fast\"");
    assertRefused(YAML.replace("role: use", "role: ["), "m.yaml: column");
  }

  @Test
  void aFolderWithItsOwnManifestNeedsNoOther() throws Exception {
    Files.writeString(folder.resolve(ReplayManifest.FILE), YAML);
    assertEquals("press", ManifestReader.read(folder, Optional.empty()).name());
    RefusedException refused =
        assertThrows(
            RefusedException.class,
            () -> ManifestReader.read(folder.resolve("none"), Optional.empty()));
    assertTrue(refused.getMessage().contains("put a manifest there"), refused.getMessage());
  }

  @Test
  void theHydraulicRecordingIsReadWithItsExampleManifest() throws Exception {
    assumeTrue(Files.isDirectory(HYDRAULIC), "skipped: there is no ../shared/data/hydraulic");
    ReplayManifest manifest = ManifestReader.read(HYDRAULIC, Optional.of(MANIFEST));
    long cycles = 0;
    for (ReplayManifest.Site site : manifest.sites()) {
      ReplayProcess process = new ReplayProcess(manifest, site.name());
      assertEquals(17, process.signals().size());
      Set<String> codes = new HashSet<>();
      Set<DataRole> roles = new HashSet<>();
      for (Iterator<ProcessPart> parts = process.iterator(); parts.hasNext(); ) {
        ProcessPart part = parts.next();
        assertEquals(Duration.ofSeconds(60), part.length());
        assertEquals(60, part.offsets().length);
        codes.add(part.code().orElseThrow());
        roles.add(part.role().orElseThrow());
      }
      assertEquals(Set.of("130", "115", "100", "90"), codes);
      assertEquals(Set.of(DataRole.values()), roles);
      cycles += process.parts();
    }
    assertEquals(2205, cycles);
  }

  private void assertRefused(String yaml, String message) {
    RefusedException refused = assertThrows(RefusedException.class, () -> replay(yaml));
    assertTrue(refused.getMessage().contains(message), refused.getMessage());
  }
}
