package io.mybella.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mybella.local.Service;
import io.mybella.local.TestPlatform;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Looks for a text in every column of every table of every database, past all access rules. */
final class Traces {

  private final TestPlatform platform;

  Traces(TestPlatform platform) {
    this.platform = platform;
  }

  /**
   * The tables that hold the text, with the number of rows, such as {@code memory:
   * public.chat_message 2}.
   */
  List<String> of(String text) throws SQLException {
    List<String> traces = new ArrayList<>();
    for (Service service : Service.values()) {
      if (!service.database().isEmpty()) {
        try (Connection database = platform.superuser(service)) {
          for (String table : tables(database)) {
            long rows = rows(database, table, text);
            if (rows > 0) {
              traces.add(service.database() + ": " + table + " " + rows);
            }
          }
        }
      }
    }
    return traces;
  }

  private static List<String> tables(Connection database) throws SQLException {
    List<String> tables = new ArrayList<>();
    try (var statement = database.createStatement();
        ResultSet found =
            statement.executeQuery(
                """
                SELECT format('%I.%I', n.nspname, c.relname)
                FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE c.relkind IN ('r', 'm') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
                """)) {
      while (found.next()) {
        tables.add(found.getString(1));
      }
    }
    if (tables.isEmpty()) {
      throw new IllegalStateException("No table found: the search would prove nothing");
    }
    return tables;
  }

  /** A row as text shows every column; bytes appear there in hexadecimal. */
  private static long rows(Connection database, String table, String text) throws SQLException {
    String sql =
        "SELECT count(*) FROM "
            + table
            + " t WHERE strpos(t::text, ?) > 0 OR strpos(t::text, ?) > 0";
    try (var statement = database.prepareStatement(sql)) {
      statement.setString(1, text);
      statement.setString(2, HexFormat.of().formatHex(text.getBytes(UTF_8)));
      try (ResultSet counted = statement.executeQuery()) {
        counted.next();
        return counted.getLong(1);
      }
    }
  }
}
