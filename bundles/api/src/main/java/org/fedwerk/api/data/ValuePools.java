// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.data;

/**
 * Which values of a schema's inputs share a mean and a deviation where all sites standardise by the
 * same ones: those of a signal at all steps of all windows; under a schema with regimes those of a
 * signal in a regime; where bands or statistics stand in the place of the steps, each of them by
 * itself; of an image those of a channel.
 *
 * @param schema whose inputs
 */
public record ValuePools(Schema schema) {
  private static final String[] COLOURS = {"red", "green", "blue"};

  /** How many pools there are. */
  public int count() {
    ImageSpec image = schema.image();
    Regimes regimes = schema.regimes();
    if (image != null) {
      return image.channels();
    } else if (regimes != null) {
      return Math.multiplyExact(regimes.count(), schema.signals().size());
    }
    return schema.features().keepsSteps() ? schema.signals().size() : schema.inputSize();
  }

  /** Neighbouring values of an input that are of one pool, where no regimes part them. */
  private int together() {
    ImageSpec image = schema.image();
    if (image != null) {
      return image.width() * image.height();
    }
    return schema.features().keepsSteps() ? columns() : 1;
  }

  private int columns() {
    return schema.features().columns(schema.window().steps());
  }

  /**
   * The pool, from 0, of a value.
   *
   * @param raw an input of the schema, before it is standardised; read only under regimes
   * @param element the value's place in it
   */
  public int of(float[] raw, int element) {
    Regimes regimes = schema.regimes();
    if (regimes == null) {
      return element / together();
    }
    int steps = schema.window().steps();
    return regimes.of(raw, steps, element % steps) * schema.signals().size() + element / steps;
  }

  /** A pool for people. */
  public String name(int pool) {
    ImageSpec image = schema.image();
    if (image != null) {
      return image.channels() == ImageSpec.GREY
          ? image.signal()
          : image.signal() + ", " + COLOURS[pool];
    }
    int signals = schema.signals().size();
    if (schema.regimes() != null) {
      return schema.signals().get(pool % signals).name() + " in regime " + (pool / signals + 1);
    }
    String signal = schema.signals().get(pool * together() / columns()).name();
    return schema.features().keepsSteps() ? signal : signal + ", " + feature(pool % columns());
  }

  private String feature(int column) {
    int bands = schema.features().bands();
    return column < bands
        ? "band " + (column + 1)
        : schema.features().statistics().get(column - bands).word();
  }
}
