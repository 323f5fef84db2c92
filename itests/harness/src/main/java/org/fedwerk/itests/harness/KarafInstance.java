// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.harness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One Karaf process on the packaged distribution, with etc, data and deploy folders of its own. Not
 * thread-safe.
 */
public final class KarafInstance implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String USER = "harness";

  private final Path home;
  private final Path base;
  private final KarafEtc etc;
  private final String name;
  private final List<String> features;
  private final String heap;
  private final Map<String, String> environment;
  private final String password = UUID.randomUUID().toString();
  private final int sshPort = Ports.free();
  private final int jmxPort = Ports.free();
  private final KarafShell shell = new KarafShell(sshPort, USER, password);
  private @Nullable Process process;
  private long started;

  /** Command whose answer was not the expected one last, with the answer. */
  private String lacks = "";

  /**
   * Lays out an instance; it is not started.
   *
   * @param home the unpacked distribution, shared and never written to
   * @param base folder of the instance, made anew
   * @param features boot features beside Karaf's own; none leaves the configuration as it is
   * @param heap value of -Xmx, for example {@code 256m}
   * @param environment further environment variables
   */
  public KarafInstance(
      Path home, Path base, List<String> features, String heap, Map<String, String> environment)
      throws IOException {
    this.home = home;
    this.base = base;
    this.name = base.getFileName().toString();
    this.features = List.copyOf(features);
    this.heap = heap;
    this.environment = Map.copyOf(environment);
    Folders.delete(base);
    Folders.copy(home.resolve("etc"), base.resolve("etc"));
    Files.createDirectories(base.resolve("deploy"));
    Files.createDirectories(base.resolve("data/log"));
    etc = new KarafEtc(base.resolve("etc"));
    etc.edit("org.apache.karaf.shell.cfg", "sshPort", old -> Integer.toString(sshPort));
    etc.edit(
        "org.apache.karaf.management.cfg", "rmiRegistryPort", old -> Integer.toString(jmxPort));
    etc.edit(
        "org.apache.karaf.management.cfg", "rmiServerPort", old -> Integer.toString(Ports.free()));
    if (!features.isEmpty()) {
      etc.edit(
          "org.apache.karaf.features.cfg",
          "featuresBoot",
          old -> String.join(", ", Stream.concat(Stream.of(old), features.stream()).toList()));
    }
    etc.user(USER, password, List.of("admin", "manager", "viewer", "systembundles", "ssh"));
  }

  /** Folder of the instance. */
  public Path base() {
    return base;
  }

  /** Its name, for messages. */
  public String name() {
    return name;
  }

  /** Writes etc/&lt;pid&gt;.cfg, before the start or while it runs. */
  public void configure(String pid, Map<String, String> settings) throws IOException {
    etc.configure(pid, settings, base.resolve("data"));
  }

  /** Takes a configuration away, before the start or while it runs. */
  public void unconfigure(String pid) throws IOException {
    Files.delete(base.resolve("etc/" + pid + ".cfg"));
  }

  /**
   * Adds a user, who may log in from now on.
   *
   * @param roles as etc/users.properties names them; {@code ssh} is needed to get in
   * @return the user's shell, to be closed by the caller
   */
  public KarafShell user(String name, List<String> roles) throws IOException {
    String secret = UUID.randomUUID().toString();
    etc.user(name, secret, roles);
    return new KarafShell(sshPort, name, secret);
  }

  /** Starts the process. */
  public void start() throws IOException {
    ProcessBuilder builder = new ProcessBuilder(home.resolve("bin/karaf").toString(), "daemon");
    Map<String, String> env = builder.environment();
    env.remove("KARAF_HOME");
    env.put("JAVA_HOME", System.getProperty("java.home"));
    env.put("KARAF_BASE", base.toString());
    env.put("KARAF_DATA", base.resolve("data").toString());
    env.put("KARAF_ETC", base.resolve("etc").toString());
    env.put("KARAF_LOG", base.resolve("data/log").toString());
    // The distribution's own setenv says these two as well; a stock Karaf needs to be told.
    env.put("CHECK_ROOT_INSTANCE_RUNNING", "false");
    env.put(
        "EXTRA_JAVA_OPTS",
        "-Xmx" + heap + " -XX:+UseSerialGC -Dkaraf.instances=" + base.resolve("instances"));
    env.putAll(environment);
    builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(base.resolve("console.out").toFile()));
    started = System.nanoTime();
    process = builder.start();
  }

  /** Process id. */
  public long pid() {
    return running().pid();
  }

  private Process running() {
    if (process == null) {
      throw new IllegalStateException(name + " was not started");
    }
    return process;
  }

  /** True while the process lives. */
  public boolean isAlive() {
    return process != null && process.isAlive();
  }

  /**
   * Waits until all boot features run. A first boot that is not done after half of the time is
   * stopped and started once more, loudly, with nothing of its data left but what Fedwerk keeps.
   *
   * @return time since the last start
   */
  public Duration awaitBooted(Duration limit) throws IOException, InterruptedException {
    if (!booted(limit.dividedBy(2))) {
      System.err.println(
          name
              + " did not boot; it is started once more. It is told in "
              + hung("hung")
              + "\n"
              + lacks);
      kill();
      try (Stream<Path> data = Files.list(base.resolve("data"))) {
        for (Path each : data.filter(path -> !path.endsWith("fedwerk")).toList()) {
          Folders.delete(each);
        }
      }
      Files.createDirectories(base.resolve("data/log"));
      start();
      if (!booted(limit)) {
        throw new IOException(name + " did not boot twice; see " + hung("hung-again"));
      }
    }
    return Duration.ofNanos(System.nanoTime() - started);
  }

  /** Keeps what tells why an instance does not boot; the folder of it. */
  private Path hung(String folder) throws IOException, InterruptedException {
    Path kept = base.resolve(folder);
    Files.createDirectories(kept);
    Files.writeString(kept.resolve("lacks.txt"), lacks);
    Path log = base.resolve("data/log/karaf.log");
    if (Files.exists(log)) {
      Files.copy(log, kept.resolve("karaf.log"), StandardCopyOption.REPLACE_EXISTING);
    }
    if (isAlive()) {
      // A thread dump goes to where the process prints.
      signal("QUIT");
      TimeUnit.SECONDS.sleep(2);
    }
    Files.copy(
        base.resolve("console.out"),
        kept.resolve("threads.txt"),
        StandardCopyOption.REPLACE_EXISTING);
    return kept;
  }

  private boolean booted(Duration limit) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    while (System.nanoTime() < end && isAlive()) {
      if (answers(
              "service:list org.apache.karaf.features.BootFinished",
              text -> text.contains("service.bundleid"))
          && answers("feature:list -i --no-format", this::allStarted)
          && answers("diag", KarafInstance::allResolved)) {
        return true;
      }
      TimeUnit.MILLISECONDS.sleep(300);
    }
    return false;
  }

  private boolean allStarted(String list) {
    return features.stream()
        .allMatch(
            feature ->
                list.lines()
                    .anyMatch(
                        line ->
                            line.split("\t", 2)[0].strip().equals(feature)
                                && line.contains("Started")));
  }

  /** A component that waits for its references is no failure: a site waits for its enrolment. */
  private static boolean allResolved(String diag) {
    return diag.lines().noneMatch(line -> line.matches("Status: (Installed|Failure)"));
  }

  private boolean answers(String command, Predicate<String> expected) {
    String answer;
    try {
      answer = shell.run(command, Duration.ofSeconds(20)).text();
      if (expected.test(answer)) {
        return true;
      }
    } catch (IOException notYet) {
      answer = String.valueOf(notYet.getMessage());
    }
    lacks = command + "\n" + answer + "\n";
    return false;
  }

  /** Runs a shell command and gives what it printed, refusals included. */
  public KarafShell.Output run(String command) throws IOException {
    return shell.run(command, Duration.ofSeconds(60));
  }

  /**
   * Runs a shell command that must go well.
   *
   * @throws IOException with its output if it did not
   */
  public String exec(String command) throws IOException {
    KarafShell.Output output = run(command);
    if (output.exit() != 0) {
      throw new IOException(name + "> " + command + "\n" + output.text());
    }
    return output.text();
  }

  /** Opens a JMX session as an operator would. */
  public KarafJmx jmx() throws IOException {
    return new KarafJmx(jmxPort, USER, password);
  }

  /** Runs a command with --json and parses its line. */
  public JsonNode json(String command) throws IOException {
    String[] words = command.split(" ", 2);
    String text = exec(words[0] + " --json" + (words.length > 1 ? " " + words[1] : ""));
    String line =
        text.lines()
            .filter(each -> each.startsWith("[") || each.startsWith("{"))
            .reduce((a, b) -> b)
            .orElseThrow(
                () -> new IOException(name + "> " + command + " printed no JSON:\n" + text));
    return JSON.readTree(line);
  }

  /** Waits until something holds; says what it waited for if it never does. */
  public void await(String what, Duration limit, Check check)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    String last = "";
    while (System.nanoTime() < end) {
      if (!isAlive()) {
        throw new IOException(
            name
                + " has died while waiting for "
                + what
                + "; see "
                + base.resolve("data/log/karaf.log"));
      }
      try {
        if (check.holds(this)) {
          return;
        }
      } catch (IOException notYet) {
        last = String.valueOf(notYet.getMessage());
      }
      TimeUnit.MILLISECONDS.sleep(200);
    }
    throw new IOException(
        name
            + ": "
            + what
            + " did not come within "
            + limit
            + (last.isEmpty() ? "" : "; last: " + last));
  }

  /** A question to an instance. */
  @FunctionalInterface
  public interface Check {
    /** True if it holds now. */
    boolean holds(KarafInstance instance) throws IOException;
  }

  /** Waits until fedwerk:status says ready. @return time since the start */
  public Duration awaitReady(Duration limit) throws IOException, InterruptedException {
    await("a ready fedwerk:status", limit, each -> each.exec("fedwerk:status").endsWith("\nready"));
    return Duration.ofNanos(System.nanoTime() - started);
  }

  /** Highest resident memory so far, MB (VmHWM). */
  public double highWaterMb() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + pid() + "/status"))) {
      if (line.startsWith("VmHWM:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024.0;
      }
    }
    throw new IOException("the kernel tells no VmHWM of process " + pid());
  }

  /** The log so far. */
  public String log() {
    try {
      return Files.readString(base.resolve("data/log/karaf.log"));
    } catch (IOException none) {
      throw new UncheckedIOException(none);
    }
  }

  /** SIGKILL. */
  public void kill() throws InterruptedException {
    if (process != null) {
      process.destroyForcibly().waitFor();
    }
  }

  /** SIGSTOP: the process stands still, its connections stay open. */
  public void freeze() throws IOException, InterruptedException {
    signal("STOP");
  }

  /** SIGCONT. */
  public void thaw() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String signal) throws IOException, InterruptedException {
    run(List.of("kill", "-" + signal, Long.toString(pid())), "kill -" + signal + " of " + name);
  }

  /**
   * Sets how large files may become by this process; at {@code 0} every write fails.
   *
   * @param bytes a number, or {@code unlimited}
   */
  public void limitFiles(String bytes) throws IOException, InterruptedException {
    run(
        List.of("prlimit", "--pid", Long.toString(pid()), "--fsize=" + bytes + ":"),
        "prlimit of " + name);
  }

  private static void run(List<String> command, String what)
      throws IOException, InterruptedException {
    int exit = new ProcessBuilder(command).start().waitFor();
    if (exit != 0) {
      throw new IOException(what + " ended with " + exit);
    }
  }

  /** SIGTERM, then SIGKILL after 30 s. */
  public void stop() throws InterruptedException {
    if (process != null && process.isAlive()) {
      process.destroy();
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    }
  }

  @Override
  public void close() {
    shell.close();
    try {
      stop();
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      running().destroyForcibly();
    }
  }
}
