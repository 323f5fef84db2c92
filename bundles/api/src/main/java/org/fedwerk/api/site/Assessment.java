// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.site;

import java.util.List;
import java.util.Locale;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;

/**
 * Tells a site's owner how ready the site is for a task. Nothing of it leaves the site, and nothing
 * is written down. Implemented by the site room. Any thread may call; one assessment runs at a
 * time, on the caller's thread, for some seconds: it measures a short training, whose result is
 * thrown away.
 */
public interface Assessment {
  /**
   * Assesses a task that the site knows, whatever its owner decided.
   *
   * @param task name, or at least 6 digits of the digest
   * @throws RefusedException if none or several match
   * @throws InterruptedException if the thread was interrupted
   */
  Report assess(String task) throws RefusedException, InterruptedException;

  /**
   * Assesses a task before anybody submits it.
   *
   * @param yaml the document
   * @throws RefusedException with every refusal found, if it is no task or its network cannot be
   *     built
   * @throws InterruptedException if the thread was interrupted
   */
  Report assessDocument(String yaml) throws RefusedException, InterruptedException;

  /** What a site had best do. */
  enum Advice {
    /** Take part in rounds. */
    FEDERATED("federated"),
    /** Use the global model, fitted to the site, and contribute nothing yet. */
    FINE_TUNE("fine-tune only"),
    /** Neither. */
    NOT_YET("not yet");

    private final String words;

    Advice(String words) {
      this.words = words;
    }

    /** For people. */
    public String words() {
      return words;
    }
  }

  /** How a finding is to be read. */
  enum Verdict {
    /** What is needed is there. */
    MET("met"),
    /** Worth a look; nothing depends on it. */
    NOTICE("look"),
    /** What is needed is not there. */
    SHORT("short"),
    /** It cannot be known here, or not yet. */
    UNKNOWN("not known"),
    /** Nothing is needed. */
    NONE("");

    private final String word;

    Verdict(String word) {
      this.word = word;
    }

    /** For people. */
    public String word() {
      return word;
    }
  }

  /**
   * One thing that was looked at.
   *
   * @param name what
   * @param number how much, in the unit; NaN if it is told in words alone
   * @param unit of the number; empty for a share or a rate without one
   * @param words what the number does not say; may be empty
   * @param needed what the task wants, with where it says so; empty if nothing
   * @param verdict how it is to be read
   */
  record Finding(
      String name, double number, String unit, String words, String needed, Verdict verdict) {
    private static final double FROM_HERE_WHOLE = 1000;

    /** A finding without a number. */
    public static Finding said(String name, String words, String needed, Verdict verdict) {
      return new Finding(name, Double.NaN, "", words, needed, verdict);
    }

    /** A number for people: three digits, or as many as a whole one has. */
    public static String text(double number) {
      boolean whole = number == Math.rint(number) || Math.abs(number) >= FROM_HERE_WHOLE;
      return String.format(Locale.ROOT, whole ? "%.0f" : "%.3g", number);
    }

    /** Number, unit and words, for people. */
    public String value() {
      if (Double.isNaN(number)) {
        return words;
      }
      String measured = unit.isEmpty() ? text(number) : text(number) + " " + unit;
      return words.isEmpty() ? measured : measured + ", " + words;
    }
  }

  /**
   * An assessment.
   *
   * @param task the task's name
   * @param digest its digest
   * @param findings what was looked at
   * @param advice what follows
   * @param reasons why; at least one
   */
  record Report(
      String task, Digest digest, List<Finding> findings, Advice advice, List<String> reasons) {
    public Report {
      findings = List.copyOf(findings);
      reasons = List.copyOf(reasons);
      if (reasons.isEmpty()) {
        throw new IllegalArgumentException("advice without a reason");
      }
    }
  }
}
