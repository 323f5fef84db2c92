// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.console.Completer;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.coordinator.ModelRegistry;
import org.fedwerk.api.model.ModelVersion;
import org.fedwerk.api.signal.LabelDescriptor;
import org.fedwerk.api.signal.SignalBrowser;
import org.fedwerk.api.signal.SignalDescriptor;
import org.fedwerk.api.signal.SignalReading;
import org.fedwerk.api.signal.SignalSource;
import org.junit.jupiter.api.Test;

class CompletersTest {
  /** What nobody can know before it is typed: times, reasons, numbers, secrets, new names. */
  private static final Set<String> FREE =
      Set.of(
          "DataDeleteCommand serial",
          "DataDeleteCommand before",
          "DataDeleteCommand from",
          "DataDeleteCommand to",
          "EgressCommand most",
          "EnrolCommand hours",
          "EnrolCommand site",
          "EnrolCommand token",
          "ModelRetireCommand reason",
          "PrototypeCommand seeds",
          "RestoreCommand epoch",
          "RolloutCommand reason",
          "TaskAbortCommand reason");

  private static List<String> completed(Completer completer, String... words) {
    List<String> candidates = new ArrayList<>();
    completer.complete(Shell.session("ann"), Shell.typed(words), candidates);
    return candidates.stream().map(String::strip).sorted().toList();
  }

  private static List<Class<?>> commands() throws Exception {
    Path classes =
        Path.of(StatusCommand.class.getProtectionDomain().getCodeSource().getLocation().toURI())
            .resolve(StatusCommand.class.getPackageName().replace('.', '/'));
    List<Class<?>> commands = new ArrayList<>();
    try (Stream<Path> files = Files.list(classes)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString().replace(".class", "");
        Class<?> each = Class.forName(StatusCommand.class.getPackageName() + "." + name);
        if (each.isAnnotationPresent(Command.class)) {
          commands.add(each);
        }
      }
    }
    return commands;
  }

  @Test
  void everyArgumentAndOptionIsCompletedUnlessNobodyCanKnowIt() throws Exception {
    Set<String> silent = new TreeSet<>();
    for (Class<?> command : commands()) {
      for (Field field : command.getDeclaredFields()) {
        boolean isTyped =
            field.isAnnotationPresent(Argument.class) || field.isAnnotationPresent(Option.class);
        if (isTyped
            && field.getType() != boolean.class
            && !field.isAnnotationPresent(Completion.class)) {
          silent.add(command.getSimpleName() + " " + field.getName());
        }
      }
    }
    assertTrue(commands().size() > 20, commands().toString());
    assertEquals(new TreeSet<>(FREE), silent);
  }

  @Test
  void versionsAreThoseOfTheTaskBefore() throws Exception {
    VersionCompleter versions = new VersionCompleter();
    assertEquals(List.of(), completed(versions, "model-show", "milling", ""), "no coordinator");
    Shell.fill(versions, "registry", new TwoVersions());
    assertEquals(List.of("12", "3"), completed(versions, "model-show", "milling", ""));
    assertEquals(List.of("12"), completed(versions, "model-show", "--json", "milling", "1"));
    assertEquals(List.of(), completed(versions, "model-show", "pumps", ""), "no such task");
    assertEquals(List.of(), completed(versions, "model-show"));
  }

  @Test
  void modelsToPinAreThoseLoadedForTheTaskBefore() throws Exception {
    DeployedCompleter models = new DeployedCompleter();
    assertEquals(List.of(), completed(models, "model-pin", "hydraulic", ""), "no site");
    Shell.fill(models, "agent", new FakeSite());
    assertEquals(List.of("7", "8"), completed(models, "model-pin", "hydraulic", ""));
    assertEquals(List.of(), completed(models, "model-pin", "milling", ""), "nothing is deployed");
    assertEquals(List.of(), completed(models, "model-pin", "unknown", ""));
  }

  @Test
  void nodesAreThoseOfTheSourceBeforeAndBelowWhatIsTyped() throws Exception {
    NodeCompleter nodes = new NodeCompleter();
    assertEquals(List.of(), completed(nodes, "browse", "press1", ""), "no source");
    Shell.fill(nodes, "browsers", List.of(new Tree()));
    assertEquals(
        List.of("nsu=urn:x;s=Line", "nsu=urn:x;s=Press"), completed(nodes, "browse", "press1", ""));
    assertEquals(
        List.of("nsu=urn:x;s=Press", "nsu=urn:x;s=Press.Force", "nsu=urn:x;s=Press.Way"),
        completed(nodes, "browse", "press1", "nsu=urn:x;s=Press"));
    assertEquals(
        List.of("nsu=urn:x;s=Press.Force"),
        completed(nodes, "browse", "press1", "nsu=urn:x;s=Press.F"));
    assertEquals(List.of(), completed(nodes, "browse", "press9", ""));
  }

  @Test
  void labelSourcesAreThoseThatBringLabels() throws Exception {
    LabelSourceCompleter sources = new LabelSourceCompleter();
    assertEquals(List.of(), completed(sources, "data-delete", "--label-source", ""));
    Shell.fill(
        sources,
        "sources",
        List.of(
            new Source("lab", List.of(new LabelDescriptor("wear", List.of("ok")))),
            new Source("machine", List.of())));
    assertEquals(List.of("lab"), completed(sources, "data-delete", "--label-source", ""));
  }

  /** Of one task, versions 3 and 12. */
  private static final class TwoVersions implements ModelRegistry {
    @Override
    public List<Version> versions(String task) throws RefusedException {
      if (!task.equals("milling")) {
        throw new RefusedException("task", "no task is named \"" + task + "\"");
      }
      return List.of(version(3), version(12));
    }

    private static Version version(int number) {
      Digest digest = Digest.of(new byte[] {(byte) number});
      return new Version(
          new ModelVersion(digest, number, digest, digest, List.of(), List.of(), 0.9),
          State.CANDIDATE,
          List.of(),
          true,
          Map.of(),
          Map.of(),
          "",
          "");
    }

    @Override
    public void approve(String task, int version, String by) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void promote(String task, int version, String by) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void retire(String task, int version, String by, String reason) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void pass(String task, String by, String reason) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void back(String task, String by, String reason) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Rollout> rollout(String task) {
      return Optional.empty();
    }
  }

  /** A server with two nodes, one of which has children. */
  private static final class Tree implements SignalBrowser {
    @Override
    public String name() {
      return "press1";
    }

    @Override
    public List<Entry> browse(String nodeId) throws RefusedException {
      return switch (nodeId) {
        case "" -> List.of(entry("Line"), entry("Press"));
        case "nsu=urn:x;s=Press" -> List.of(entry("Press.Force"), entry("Press.Way"));
        default -> throw new RefusedException("node", nodeId + " has no children");
      };
    }

    private static Entry entry(String name) {
      return new Entry("nsu=urn:x;s=" + name, name, "Object", "");
    }
  }

  private record Source(String name, List<LabelDescriptor> labels) implements SignalSource {
    @Override
    public List<SignalDescriptor> signals() {
      return List.of();
    }

    @Override
    public List<SignalReading> readings() {
      return List.of();
    }
  }
}
