// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.window.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.fedwerk.api.Refusal;
import org.fedwerk.api.data.ImageSpec;
import org.fedwerk.api.data.LabelSpec;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.data.SignalSpec;
import org.fedwerk.api.data.Target;
import org.fedwerk.api.signal.LabelDescriptor;
import org.fedwerk.api.signal.SignalDescriptor;
import org.fedwerk.api.signal.SignalSource;

/**
 * What the site's sources say they deliver.
 *
 * @param bySource names of the signals by the source's name
 * @param signals all signals
 * @param labels all labels
 */
record SiteSignals(
    Map<String, Set<String>> bySource,
    List<SignalDescriptor> signals,
    List<LabelDescriptor> labels) {

  static SiteSignals of(List<SignalSource> sources) {
    Map<String, Set<String>> bySource = new HashMap<>();
    List<SignalDescriptor> signals = new ArrayList<>();
    List<LabelDescriptor> labels = new ArrayList<>();
    for (SignalSource source : sources) {
      bySource.put(
          source.name(),
          source.signals().stream().map(SignalDescriptor::name).collect(Collectors.toSet()));
      signals.addAll(source.signals());
      labels.addAll(source.labels());
    }
    return new SiteSignals(bySource, signals, labels);
  }

  /** Names of the signals that carry a serial, in the order of the alphabet. */
  List<String> partSignals() {
    return List.copyOf(
        signals.stream()
            .filter(SignalDescriptor::part)
            .map(SignalDescriptor::name)
            .collect(Collectors.toCollection(TreeSet::new)));
  }

  /** Where the site differs from a schema, by the schema's fields. */
  List<Refusal> mismatches(Schema schema) {
    List<Refusal> found = new ArrayList<>();
    schema.signals().forEach(wanted -> compare(wanted, found));
    ImageSpec image = schema.image();
    if (image != null) {
      compare(image, found);
    }
    compare(schema.label(), found);
    return found;
  }

  private void compare(SignalSpec wanted, List<Refusal> found) {
    List<SignalDescriptor> named =
        signals.stream().filter(signal -> signal.name().equals(wanted.name())).toList();
    String where = "schema.signals." + wanted.name();
    if (named.isEmpty()) {
      found.add(
          new Refusal(
              where, 0, "this site has no such signal; add it to the configuration of a source"));
    } else if (named.stream().noneMatch(signal -> signal.serves(wanted))) {
      found.add(
          new Refusal(
              where + ".unit",
              0,
              "the task says "
                  + unit(wanted.unit())
                  + ", this site says "
                  + unit(named.get(0).unit())
                  + "; deliver the signal in the task's unit or correct the one that is wrong"));
    }
  }

  private void compare(ImageSpec wanted, List<Refusal> found) {
    boolean isThere =
        signals.stream()
            .anyMatch(signal -> signal.image() && signal.name().equals(wanted.signal()));
    if (!isThere) {
      found.add(
          new Refusal(
              "schema.image.signal",
              0,
              "this site has no signal "
                  + wanted.signal()
                  + " of images; configure a source of them under that name"));
    }
  }

  private void compare(LabelSpec wanted, List<Refusal> found) {
    List<LabelDescriptor> named =
        labels.stream().filter(label -> label.name().equals(wanted.name())).toList();
    if (named.isEmpty() && wanted.isAnomaly()) {
      // Labels are for judging a model, and a site may have none.
      return;
    }
    if (named.isEmpty()) {
      found.add(
          new Refusal(
              "schema.label.name",
              0,
              "this site has no label "
                  + wanted.name()
                  + "; add it with a code table to the configuration of a source"));
      return;
    }
    if (wanted.target().kind() == Target.Kind.VALUE) {
      number(wanted, named, found);
      return;
    }
    Set<String> unknown = new TreeSet<>();
    for (LabelDescriptor label : named) {
      if (label.unit() != null) {
        found.add(
            new Refusal(
                "schema.label.kind",
                0,
                "the task wants classes, this site's label "
                    + wanted.name()
                    + " is a number; give it a code table or correct the task"));
        return;
      }
      for (String text : label.classes()) {
        boolean several = wanted.target().kind() == Target.Kind.CLASSES;
        unknown.addAll(several ? Target.names(text) : List.of(text));
      }
    }
    wanted.classes().forEach(unknown::remove);
    if (!unknown.isEmpty()) {
      found.add(
          new Refusal(
              "schema.label.classes",
              0,
              "this site's code table gives "
                  + String.join(", ", unknown)
                  + ", the task knows only "
                  + String.join(", ", wanted.classes())
                  + "; correct the code table or the task"));
    }
  }

  private static void number(LabelSpec wanted, List<LabelDescriptor> named, List<Refusal> found) {
    for (LabelDescriptor label : named) {
      String unit = label.unit();
      if (unit == null) {
        found.add(
            new Refusal(
                "schema.label.kind",
                0,
                "the task wants a number, this site's label "
                    + wanted.name()
                    + " has a code table; configure its unit instead or correct the task"));
      } else if (!unit.equals(wanted.target().unit())) {
        found.add(
            new Refusal(
                "schema.label.unit",
                0,
                "the task says "
                    + unit(wanted.target().unit())
                    + ", this site says "
                    + unit(unit)
                    + "; deliver the label in the task's unit or correct the one that is wrong"));
      }
    }
  }

  private static String unit(String unit) {
    return unit.isEmpty() ? "no unit" : unit;
  }
}
