// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import java.nio.file.Path;
import java.time.Duration;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.CommandException;
import org.apache.karaf.shell.support.completers.FileCompleter;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.identity.Enrolment;
import org.fedwerk.api.identity.FederationAuthority;
import org.jspecify.annotations.Nullable;

/** Both sides of enrolment. */
@Service
@Command(
    scope = "fedwerk",
    name = "enrol",
    description =
        "At the coordinator --new <site> makes a token; at a site the token joins the federation")
public final class EnrolCommand implements Action {
  private static final int MOST_HOURS = 24 * 365;

  @Reference(optional = true)
  private @Nullable Enrolment enrolment;

  @Reference(optional = true)
  private @Nullable FederationAuthority authority;

  @Argument(
      name = "token",
      description = "At a site: the token that the coordinator's operator made")
  private @Nullable String token;

  @Option(name = "--new", description = "At the coordinator: id of the site to make a token for")
  private @Nullable String site;

  @Option(
      name = "--revoke",
      description = "At the coordinator: id of the site whose certificate is revoked at once")
  @Completion(SiteCompleter.class)
  private @Nullable String revoke;

  @Option(
      name = "--request",
      description = "At a site without a network: with a token, the file to write a request to")
  @Completion(FileCompleter.class)
  private @Nullable String request;

  @Option(
      name = "--answer",
      description = "At the coordinator: a request that was carried here; the answer is beside it")
  @Completion(FileCompleter.class)
  private @Nullable String answer;

  @Option(name = "--accept", description = "At the site: the answer that was carried back")
  @Completion(FileCompleter.class)
  private @Nullable String accept;

  @Option(name = "--hours", description = "How long the token can be used, hours")
  private int hours = 24;

  @Option(name = "--json", description = "One line of JSON for programs")
  private boolean json;

  @Override
  public @Nullable Object execute() throws CommandException {
    try {
      if (site != null) {
        if (hours < 1 || hours > MOST_HOURS) {
          throw Refused.absent("--hours " + hours + " is not allowed; use 1 to " + MOST_HOURS);
        }
        String issued = authority().issueToken(site, Duration.ofHours(hours));
        say(issued, "site", site, "hours", hours, "token", issued);
      } else if (revoke != null) {
        authority().revoke(revoke);
        say("revoked " + revoke, "revoked", revoke);
      } else if (answer != null) {
        Path written = EnrolFiles.answer(authority(), answer);
        say("carry " + written + " to the site", "answer", written.toString());
      } else if (accept != null) {
        EnrolFiles.accept(enrolment(), accept);
        say("enrolled: " + enrolment().state(), "state", enrolment().state());
      } else if (request != null) {
        if (token == null) {
          throw Refused.absent("--request <file> needs the token too");
        }
        forgetInThreadName(token);
        Path written = EnrolFiles.request(enrolment(), token, request);
        say(
            "carry "
                + written
                + " to the coordinator; whoever has it can enrol in this site's place",
            "request",
            written.toString());
      } else if (token != null) {
        forgetInThreadName(token);
        enrolment().enrol(token);
        say("enrolled: " + enrolment().state(), "state", enrolment().state());
      } else {
        say(enrolment().state(), "state", enrolment().state());
      }
    } catch (RefusedException refused) {
      throw Refused.shown(refused);
    }
    return null;
  }

  /** Gogo names a command's thread by its whole line, and every log line tells the thread. */
  private static void forgetInThreadName(String secret) {
    Thread thread = Thread.currentThread();
    if (thread.getName().contains(secret)) {
      thread.setName("fedwerk:enrol");
    }
  }

  /** Only the answer that makes a token holds one; a token that was given is never repeated. */
  private void say(String text, Object... fields) {
    Answer.say(System.out, json, text, fields);
  }

  private FederationAuthority authority() throws CommandException {
    if (authority == null) {
      throw Refused.absent(
          "this process holds no federation CA; run the command at the coordinator, or configure etc/org.fedwerk.identity.authority.cfg");
    }
    return authority;
  }

  private Enrolment enrolment() throws CommandException {
    if (enrolment == null) {
      throw Refused.absent("this process is no site; give --new <site> to make a token");
    }
    return enrolment;
  }
}
