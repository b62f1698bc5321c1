package io.mybella.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.local.LocalPlatform;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The tables of {@code docs/access.md}, which people read and tests obey.
 *
 * @param ofOwner what everybody gets who asks for what belongs to the owner
 * @param ofBuiltIn what those who are signed in get who ask for a built-in persona
 */
record AccessTable(List<Row> ofOwner, List<Row> ofBuiltIn) {

  static final String FILE = "docs/access.md";

  /**
   * A row.
   *
   * @param operation method and path, as in the OpenAPI document
   * @param statuses the status for each caller, by the heading of the column
   */
  record Row(Operation operation, Map<String, Integer> statuses) {

    int status(String caller) {
      Integer status = statuses.get(caller);
      assertThat(status).as("column '%s' of %s", caller, operation).isNotNull();
      return status;
    }

    /** Whether the caller is let through to change or end something. */
    boolean isChangedBy(String caller) {
      return !operation.isRead() && status(caller) < 400;
    }

    @Override
    public String toString() {
      return operation.toString();
    }
  }

  static AccessTable read() {
    List<List<Row>> tables = new ArrayList<>();
    List<String> heading = List.of();
    for (String line : lines()) {
      List<String> cells = cells(line);
      if (cells.isEmpty()) {
        heading = List.of();
      } else if (heading.isEmpty()) {
        heading = cells;
        tables.add(new ArrayList<>());
      } else if (!cells.getFirst().startsWith("-")) {
        tables.getLast().add(row(heading, cells));
      }
    }
    assertThat(tables).as("tables of " + FILE).hasSize(2);
    return new AccessTable(tables.get(0), tables.get(1));
  }

  private static Row row(List<String> heading, List<String> cells) {
    assertThat(cells).as("cells under %s", heading).hasSameSizeAs(heading);
    Map<String, Integer> statuses = new LinkedHashMap<>();
    for (int i = 1; i < cells.size(); i++) {
      statuses.put(heading.get(i), Integer.valueOf(cells.get(i)));
    }
    return new Row(Operation.parse(cells.getFirst().replace("`", "")), statuses);
  }

  private static List<String> cells(String line) {
    return line.startsWith("|")
        ? Stream.of(line.substring(1).split("\\|")).map(String::strip).toList()
        : List.of();
  }

  private static List<String> lines() {
    try {
      return Files.readAllLines(LocalPlatform.projectRoot().resolve(FILE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
