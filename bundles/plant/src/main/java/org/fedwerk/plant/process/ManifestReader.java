// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.plant.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.fedwerk.api.RefusedException;
import org.fedwerk.plant.process.ReplayManifest.LabelColumn;
import org.fedwerk.plant.process.ReplayManifest.SignalColumn;
import org.fedwerk.plant.process.ReplayManifest.Site;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads a {@link ReplayManifest} from YAML. */
public final class ManifestReader {
  private ManifestReader() {}

  /**
   * The manifest of a data folder: {@value ReplayManifest#FILE} in the folder, if it is there, else
   * the one given.
   *
   * @param folder where the data files lie
   * @param given a manifest elsewhere; empty if there is none
   * @throws RefusedException if there is none, or something in it is wrong
   */
  public static ReplayManifest read(Path folder, Optional<Path> given) throws RefusedException {
    Path own = folder.resolve(ReplayManifest.FILE);
    Path file = Files.exists(own) ? own : given.orElse(own);
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException unreadable) {
      throw new RefusedException(
          file.toString(),
          "cannot be read; put a manifest there or name another one ("
              + unreadable.getClass().getSimpleName()
              + ")");
    }
    return parse(file.getFileName().toString(), text, folder);
  }

  /**
   * A manifest from its text.
   *
   * @param file name for refusals
   * @param text YAML
   * @param folder what the data files' names are relative to
   */
  public static ReplayManifest parse(String file, String text, Path folder)
      throws RefusedException {
    Node root;
    try {
      root =
          new Compose(LoadSettings.builder().setLabel(file).build())
              .composeString(text)
              .orElse(null);
    } catch (MarkedYamlEngineException malformed) {
      throw YamlFields.refusal(
          file,
          malformed.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0),
          malformed.getProblemMark().map(mark -> mark.getColumn() + 1).orElse(0),
          "is no YAML: " + malformed.getProblem());
    } catch (YamlEngineException malformed) {
      throw new RefusedException(file, "is no YAML: " + malformed.getMessage());
    }
    return manifest(file, root, folder);
  }

  private static ReplayManifest manifest(String file, @Nullable Node root, Path folder)
      throws RefusedException {
    YamlFields fields =
        new YamlFields(
            file,
            root,
            List.of(
                "fedwerk-data",
                "name",
                "cycle",
                "time",
                "step",
                "delimiter",
                "label",
                "role",
                "signals",
                "sites"));
    if (!fields.requiredText("fedwerk-data").equals("1")) {
      throw fields.refusal("fedwerk-data", "this release reads version 1");
    }
    YamlFields label =
        new YamlFields(file, fields.required("label"), List.of("name", "column", "codes", "unit"));
    return new ReplayManifest(
        fields.requiredText("name"),
        fields.requiredText("cycle"),
        fields.optionalText("time"),
        step(fields),
        label(label),
        fields.optionalText("role"),
        delimiter(fields),
        signals(file, fields),
        sites(file, fields, folder));
  }

  private static LabelColumn label(YamlFields label) throws RefusedException {
    Optional<String> unit = label.optionalText("unit");
    if (unit.isPresent() && label.has("codes")) {
      throw label.refusal("unit", "stands beside codes; a number has no codes, a class no unit");
    }
    return new LabelColumn(
        label.requiredText("name"),
        label.requiredText("column"),
        unit.isPresent() ? List.of() : label.texts("codes"),
        unit);
  }

  private static Duration step(YamlFields fields) throws RefusedException {
    String text = fields.requiredText("step");
    try {
      double seconds = Double.parseDouble(text);
      if (seconds >= 0.000_001 && seconds <= 86_400) {
        return Duration.ofNanos(Math.round(seconds * 1e9));
      }
    } catch (NumberFormatException notANumber) {
      // refused below, like a number out of range
    }
    throw fields.refusal("step", "\"" + text + "\" is no number of seconds from 0.000001 to 86400");
  }

  private static char delimiter(YamlFields fields) throws RefusedException {
    String text = fields.optionalText("delimiter").orElse(",");
    if (text.length() != 1 || text.equals("\"")) {
      throw fields.refusal("delimiter", "one character, for example \",\" or \";\"");
    }
    return text.charAt(0);
  }

  private static List<SignalColumn> signals(String file, YamlFields fields)
      throws RefusedException {
    List<SignalColumn> signals = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Node item : fields.items("signals")) {
      YamlFields signal = new YamlFields(file, item, List.of("column", "name", "unit"));
      String column = signal.requiredText("column");
      ProcessSignal named =
          new ProcessSignal(
              signal.optionalText("name").orElse(column), signal.optionalText("unit").orElse(""));
      if (named.nodeName().isEmpty() || !names.add(named.nodeName())) {
        throw signal.refusal("name", "signal " + named.name() + " needs a name of its own");
      }
      signals.add(new SignalColumn(column, named));
    }
    return signals;
  }

  private static List<Site> sites(String file, YamlFields fields, Path folder)
      throws RefusedException {
    List<Site> sites = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Node item : fields.items("sites")) {
      YamlFields site = new YamlFields(file, item, List.of("name", "data", "labels"));
      String name = site.requiredText("name");
      if (!names.add(name)) {
        throw site.refusal("name", "site " + name + " stands here twice");
      }
      List<Path> data = new ArrayList<>();
      for (String path : site.texts("data")) {
        data.add(folder.resolve(path));
      }
      sites.add(new Site(name, data, folder.resolve(site.requiredText("labels"))));
    }
    return sites;
  }
}
