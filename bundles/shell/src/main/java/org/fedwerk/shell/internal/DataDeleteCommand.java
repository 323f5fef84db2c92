// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.CommandException;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.site.DataDeletion;
import org.fedwerk.api.site.DataDeletion.Deletion;
import org.fedwerk.api.site.DataDeletion.RowUse;
import org.fedwerk.api.store.DataSelection;
import org.jspecify.annotations.Nullable;

/** Deletes a site's data, or tells what that would mean; without a selection, the record of it. */
@Service
@Command(
    scope = "fedwerk",
    name = "data-delete",
    description = "Deletes parts with all that belongs to them; alone: what was deleted, by whom")
public final class DataDeleteCommand implements Action {
  @Reference(optional = true)
  private @Nullable DataDeletion deletion;

  @Reference private Session session;

  @Option(name = "--serial", description = "The part of this serial")
  private @Nullable String serial;

  @Option(name = "--before", description = "Parts that began before this time (ISO 8601)")
  private @Nullable String before;

  @Option(name = "--from", description = "Parts that began at this time or later (ISO 8601)")
  private @Nullable String from;

  @Option(name = "--to", description = "With --from: and before this time")
  private @Nullable String to;

  @Option(name = "--label-source", description = "Parts with a label of this source")
  @Completion(LabelSourceCompleter.class)
  private @Nullable String labelSource;

  @Option(name = "--dry-run", description = "Only tells what would be deleted")
  private boolean dryRun;

  @Option(name = "--yes", description = "Deletes; there is no way back")
  private boolean yes;

  @Option(name = "--json", description = "One line of JSON for programs")
  private boolean json;

  @Override
  public @Nullable Object execute() throws CommandException {
    DataDeletion here =
        Refused.present(
            deletion,
            "this process keeps no site's data with an agent; run the command at a site, or install fedwerk-site and an engine");
    if (Stream.of(serial, before, from, to, labelSource).allMatch(each -> each == null)) {
      if (dryRun || yes) {
        throw Refused.absent(
            "say what is meant: --serial, --before, --from and --to, or --label-source");
      }
      listing(here.deletions()).print(System.out, json);
      return null;
    }
    DataSelection selection = selection();
    if (dryRun == yes) {
      throw Refused.absent(
          "what is deleted is gone for good: see it with --dry-run, then say --yes");
    }
    try {
      Deletion done =
          dryRun ? here.preview(selection) : here.delete(selection, ShellUser.of(session));
      listing(List.of(done)).print(System.out, json);
      if (!json) {
        uses(done.uses()).print(System.out, false);
      }
    } catch (RefusedException refused) {
      throw Refused.shown(refused);
    } catch (UncheckedIOException failed) {
      throw Refused.absent(
          "the deletion was begun and not ended; the next start ends it: " + failed.getMessage());
    }
    return null;
  }

  private DataSelection selection() throws CommandException {
    boolean span = from != null || to != null;
    long ways =
        Stream.of(serial != null, before != null, span, labelSource != null)
            .filter(each -> each)
            .count();
    if (ways != 1 || (to != null && from == null)) {
      throw Refused.absent(
          "say one of --serial, --before, --from with or without --to, --label-source");
    }
    try {
      if (serial != null) {
        return new DataSelection.BySerial(serial);
      }
      if (labelSource != null) {
        return new DataSelection.ByLabelSource(labelSource);
      }
      return before != null
          ? new DataSelection.ByTime(Instant.MIN, time("--before", before))
          : new DataSelection.ByTime(
              time("--from", from), to == null ? Instant.MAX : time("--to", to));
    } catch (IllegalArgumentException wrong) {
      throw Refused.absent(String.valueOf(wrong.getMessage()));
    }
  }

  private static Instant time(String option, @Nullable String text) throws CommandException {
    try {
      return Instant.parse(String.valueOf(text));
    } catch (DateTimeParseException wrong) {
      throw Refused.absent(option + " " + text + " is no time; write it like 2026-01-05T06:00:00Z");
    }
  }

  private static Listing listing(List<Deletion> deletions) {
    Listing listing =
        new Listing(
            "nothing was deleted",
            "no",
            "time",
            "by",
            "selection",
            "serials",
            "parts",
            "labels",
            "state");
    for (Deletion each : deletions) {
      listing
          .row()
          .put("no", each.number())
          .put("time", each.time().toString())
          .put("by", each.by())
          .put("selection", each.selection())
          .put("serials", each.serials())
          .put("parts", each.parts())
          .put("labels", each.labels())
          .put("state", each.state())
          .put("uses", each.uses().stream().map(DataDeleteCommand::values).toList());
    }
    return listing;
  }

  private static Map<String, Object> values(RowUse use) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("task", use.task());
    values.put("digest", use.digest().hex());
    values.put("request", use.request());
    values.put("first round", use.firstRound());
    values.put("last round", use.lastRound());
    values.put("parts", use.parts());
    return values;
  }

  private static Listing uses(List<RowUse> uses) {
    Listing listing =
        new Listing(
            "no task had read any of it",
            "read by task",
            "digest",
            "for",
            "from round",
            "to round",
            "parts");
    for (RowUse use : uses) {
      listing
          .row()
          .put("read by task", use.task())
          .put("digest", use.digest().brief())
          .put("for", use.request())
          .put("from round", use.firstRound())
          .put("to round", use.lastRound())
          .put("parts", use.parts());
    }
    return listing;
  }
}
