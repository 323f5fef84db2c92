// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.quality;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.learn.Network;

/** A subject's training in PyTorch's own Python, in a process of its own. */
final class PythonReference implements Reference {
  /** As many as Fedwerk's engine takes by default. */
  private static final int THREADS = 1;

  private final Process process;
  private final BufferedReader answers;
  private final Writer orders;
  private final Path data;
  private final int parameters;
  private final double startLoss;

  private PythonReference(Process process, Path data) throws IOException {
    this.process = process;
    this.data = data;
    this.answers = process.inputReader(StandardCharsets.UTF_8);
    this.orders = process.outputWriter(StandardCharsets.UTF_8);
    String[] ready = answer("ready", 2);
    this.parameters = (int) number(ready[0]);
    this.startLoss = number(ready[1]);
  }

  /**
   * Why there is nothing to compare with.
   *
   * @param interpreter of Python
   * @param version that torch must have
   * @return empty if there is
   */
  static Optional<String> absence(String interpreter, String version) throws IOException {
    String advice = "; name a Python with torch " + version + " by -Dfedwerk.python=<interpreter>";
    Process python;
    try {
      python =
          new ProcessBuilder(interpreter, "-c", "import torch; print(torch.__version__)")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException noPython) {
      return Optional.of("there is no " + name(interpreter) + advice);
    }
    String found = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (found.isBlank()) {
      return Optional.of(name(interpreter) + " has no torch" + advice);
    }
    return isVersion(found.strip(), version)
        ? Optional.empty()
        : Optional.of(name(interpreter) + " has torch " + found.strip() + advice);
  }

  /** Without the folder, which is of this machine only. */
  private static String name(String interpreter) {
    return String.valueOf(Path.of(interpreter).getFileName());
  }

  /** Behind a plus the package says what devices it was built for. */
  static boolean isVersion(String found, String wanted) {
    return found.equals(wanted) || found.startsWith(wanted + "+");
  }

  /**
   * Starts it.
   *
   * @param script train_reference.py
   * @throws IOException if it ends before it is ready
   */
  static PythonReference start(String interpreter, Path script, Subject subject)
      throws IOException {
    Path data = Files.createTempFile("fedwerk-train", ".f32");
    Process python = null;
    try {
      Files.write(data, data(subject));
      List<String> command = command(interpreter, script, subject, data);
      python = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      return new PythonReference(python, data);
    } catch (IOException broken) {
      if (python != null) {
        python.destroy();
      }
      Files.delete(data);
      throw broken;
    }
  }

  private static List<String> command(String interpreter, Path script, Subject subject, Path data) {
    Network network = subject.network();
    return List.of(
        interpreter,
        script.toString(),
        "--architecture=" + subject.model().architecture(),
        "--hidden=" + commas(subject.model().hidden()),
        "--kernel=" + subject.model().kernel(),
        "--shape=" + commas(Arrays.stream(network.inputShape()).boxed().toList()),
        "--outputs=" + network.outputs(),
        "--examples=" + subject.windows().count(),
        "--batch=" + subject.spec().batch(),
        "--rate=" + subject.spec().rate(),
        "--momentum=" + subject.spec().momentum(),
        "--threads=" + THREADS,
        "--data=" + data);
  }

  private static String commas(List<Integer> numbers) {
    return numbers.stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  /** As the script reads it. */
  private static byte[] data(Subject subject) {
    LabelledInputs windows = subject.windows();
    int[] classes =
        subject.network().head() == Network.Head.SOFTMAX ? windows.classes() : new int[0];
    int floats = subject.start().length + windows.values().length + classes.length;
    ByteBuffer bytes = ByteBuffer.allocate(floats * Float.BYTES).order(ByteOrder.nativeOrder());
    FloatBuffer to = bytes.asFloatBuffer().put(subject.start()).put(windows.values());
    for (int k : classes) {
      to.put(k);
    }
    return bytes.array();
  }

  @Override
  public int parameters() {
    return parameters;
  }

  @Override
  public double startLoss() {
    return startLoss;
  }

  @Override
  public Duration train(int epochs) throws IOException {
    orders.write(epochs + "\n");
    orders.flush();
    String[] seconds = answer("seconds", 2);
    return new Duration(number(seconds[0]), number(seconds[1]));
  }

  private String[] answer(String expected, int numbers) throws IOException {
    String line = answers.readLine();
    if (line == null) {
      throw new IOException("the reference in Python ended; what it said stands above");
    }
    String[] words = line.strip().split(" ");
    if (words.length != numbers + 1 || !words[0].equals(expected)) {
      throw new IOException("the reference in Python said \"" + line + "\", not " + expected);
    }
    return Arrays.copyOfRange(words, 1, words.length);
  }

  private static double number(String word) throws IOException {
    try {
      return Double.parseDouble(word);
    } catch (NumberFormatException broken) {
      throw new IOException("the reference in Python said " + word + " for a number", broken);
    }
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    Files.deleteIfExists(data);
  }
}
