// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.plant.process;

/**
 * A quantity that the machine measures.
 *
 * @param name name as in schemas, for example {@code air-temperature}
 * @param unit its unit; empty if it has none
 */
public record ProcessSignal(String name, String unit) {
  /** The name as it stands in node ids: {@code air-temperature} becomes {@code AirTemperature}. */
  public String nodeName() {
    StringBuilder text = new StringBuilder();
    for (String word : name.split("[^A-Za-z0-9]+")) {
      if (!word.isEmpty()) {
        text.append(Character.toUpperCase(word.charAt(0))).append(word, 1, word.length());
      }
    }
    return text.toString();
  }
}
