// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Session;

/** Fills a command's fields as Karaf does, and keeps what it prints. */
final class Shell {
  private Shell() {}

  /**
   * Runs a command.
   *
   * @param values by field: services, arguments, options
   */
  static String run(Action command, Map<String, Object> values) throws Exception {
    for (Map.Entry<String, Object> each : values.entrySet()) {
      fill(command, each.getKey(), each.getValue());
    }
    PrintStream before = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      command.execute();
    } finally {
      System.setOut(before);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }

  /** Some values and more of them, each after its field. */
  static Map<String, Object> with(Map<String, Object> some, Object... more) {
    Map<String, Object> all = new LinkedHashMap<>(some);
    for (int i = 0; i < more.length; i += 2) {
      all.put((String) more[i], more[i + 1]);
    }
    return all;
  }

  /** Sets one field of a command or completer. */
  static void fill(Object command, String name, Object value) throws Exception {
    Field field = command.getClass().getDeclaredField(name);
    if (!field.isAnnotationPresent(Reference.class)
        && !field.isAnnotationPresent(Argument.class)
        && !field.isAnnotationPresent(Option.class)) {
      throw new IllegalArgumentException("Karaf does not fill " + field);
    }
    field.setAccessible(true);
    field.set(command, value);
  }

  /** Runs it with --json and reads the one line. */
  static JsonNode json(Action command, Map<String, Object> values) throws Exception {
    Map<String, Object> all = new java.util.HashMap<>(values);
    all.put("json", true);
    String line = run(command, all);
    if (line.indexOf('\n') != line.length() - 1) {
      throw new IllegalStateException("not one line: " + line);
    }
    return new ObjectMapper().readTree(line);
  }

  /** A session of a user. */
  static Session session(String user) {
    return (Session)
        Proxy.newProxyInstance(
            Shell.class.getClassLoader(),
            new Class<?>[] {Session.class},
            (proxy, method, arguments) -> method.getName().equals("get") ? user : null);
  }

  /** A line whose last word is typed so far. */
  static CommandLine typed(String... words) {
    String word = words[words.length - 1];
    return (CommandLine)
        Proxy.newProxyInstance(
            Shell.class.getClassLoader(),
            new Class<?>[] {CommandLine.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "getArguments" -> words;
                  case "getCursorArgumentIndex" -> words.length - 1;
                  case "getCursorArgument" -> word;
                  case "getArgumentPosition" -> word.length();
                  case "getBufferPosition" -> word.length();
                  default -> 0;
                });
  }
}
