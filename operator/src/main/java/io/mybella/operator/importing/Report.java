package io.mybella.operator.importing;

import io.mybella.operator.importing.Tally.Figures;
import io.mybella.operator.importing.Tally.Remark;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** What an import has to say in the end, to people and to programs. */
final class Report {

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  private final Map<String, Tally> tallies = new LinkedHashMap<>();
  private final List<NoPlace> noPlace = new ArrayList<>();
  private final List<OtherTable> otherTables = new ArrayList<>();

  /** A column that the platform has no place for. */
  record NoPlace(String column, long values) {}

  /** A table that is none of personas. */
  record OtherTable(String table, long rows) {}

  /** What stopped it before its end. */
  record Stopped(String kind, String message) {}

  private record Whole(
      String file,
      String source,
      boolean dryRun,
      boolean complete,
      @Nullable Stopped error,
      List<Figures> tables,
      List<NoPlace> noPlace,
      List<OtherTable> otherTables,
      double seconds) {}

  /** The count of a table, in the order of their first use. */
  synchronized Tally of(String table) {
    return tallies.computeIfAbsent(table, Tally::new);
  }

  synchronized void hasNoPlace(String column, long values) {
    noPlace.add(new NoPlace(column, values));
  }

  synchronized void isNotForHere(String table, long rows) {
    otherTables.add(new OtherTable(table, rows));
  }

  synchronized List<Figures> figures() {
    return tallies.values().stream().map(Tally::figures).toList();
  }

  /** Whether each row that was read is accounted for. */
  boolean addsUp() {
    return figures().stream().allMatch(Figures::addsUp);
  }

  boolean hasUnplaced() {
    return figures().stream().anyMatch(Figures::hasUnplaced);
  }

  synchronized void writeJson(
      PrintWriter out, ImportOptions options, @Nullable Stopped stopped, double seconds) {
    out.println(
        JSON.writeValueAsString(
            new Whole(
                String.valueOf(options.file()),
                options.source(),
                options.dryRun(),
                stopped == null,
                stopped,
                figures(),
                noPlace,
                otherTables,
                seconds)));
    out.flush();
  }

  synchronized void write(
      PrintWriter out, ImportOptions options, boolean complete, double seconds) {
    out.printf(
        "%n%-24s %10s %10s %13s %10s%n",
        options.dryRun() ? "what would happen" : "",
        "read",
        "imported",
        "already there",
        "skipped");
    for (Figures table : figures()) {
      out.printf(
          "%-24s %,10d %,10d %,13d %,10d%n",
          table.name(), table.read(), table.imported(), table.alreadyThere(), table.skipped());
    }
    for (Figures table : figures()) {
      write(out, "Skipped of " + table.name(), table.reasons());
      write(out, "About " + table.name(), table.notes());
    }
    if (!noPlace.isEmpty()) {
      out.println("\nColumns that have no place here, and how many rows have a value:");
      noPlace.forEach(column -> out.printf("  %-38s %,10d%n", column.column(), column.values()));
    }
    if (!otherTables.isEmpty()) {
      out.println("\nTables that are not of personas, and stay behind with their rows:");
      otherTables.forEach(table -> out.printf("  %-38s %,10d%n", table.table(), table.rows()));
    }
    out.printf("%n%s in %.1f s.%n", summary(options, complete), seconds);
    out.flush();
  }

  private String summary(ImportOptions options, boolean complete) {
    if (!complete) {
      return "It did not come to its end: the same command again goes on. Stopped";
    }
    if (options.dryRun()) {
      return "Nothing was written; what the platform itself would say (an e-mail address that is"
          + " taken there, rows that are there already) is not known. Read";
    }
    if (!addsUp()) {
      return "The figures do not add up: that is a mistake of this program, please report it. Done";
    }
    return hasUnplaced() ? "Some rows could not be placed (marked with !). Done" : "All placed";
  }

  private static void write(PrintWriter out, String head, List<Remark> remarks) {
    if (remarks.isEmpty()) {
      return;
    }
    out.println("\n" + head + ":");
    for (Remark remark : remarks) {
      out.printf(
          "%s %,8d  %s  (%s%s)%n",
          remark.unplaced() ? "!" : " ",
          remark.count(),
          remark.what(),
          String.join(", ", remark.examples()),
          remark.count() > remark.examples().size() ? ", …" : "");
    }
  }
}
