package io.mybella.operator.doctor;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** Findings as people read them: a line each, and below it what to do. */
final class FindingsTable {

  private FindingsTable() {}

  static void print(List<Finding> findings, PrintWriter out) {
    int width = findings.stream().mapToInt(each -> title(each).length()).max().orElse(0);
    String format = "%-7s  %-" + Math.max(width, 1) + "s  %s%n";
    for (Finding finding : findings) {
      out.printf(format, mark(finding.outcome()), title(finding), finding.result());
      if (!finding.advice().isEmpty()) {
        out.printf(format, "", "", "-> " + finding.advice());
      }
    }
    out.printf(
        "%n%d failed, %d warnings, %d as they should be, %d skipped%n",
        count(findings, Outcome.FAILED),
        count(findings, Outcome.WARNING),
        count(findings, Outcome.OK),
        count(findings, Outcome.SKIPPED));
    out.flush();
  }

  private static String title(Finding finding) {
    return finding.subject().isEmpty()
        ? finding.check()
        : finding.check() + ": " + finding.subject();
  }

  private static String mark(Outcome outcome) {
    return outcome == Outcome.OK ? "ok" : outcome.name().toLowerCase(Locale.ROOT);
  }

  private static long count(List<Finding> findings, Outcome outcome) {
    return findings.stream().filter(finding -> finding.outcome() == outcome).count();
  }
}
