package io.mybella.system;

import io.mybella.local.Service;
import io.mybella.local.TestPlatform;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * All rows of all tables of all databases, as one digest for each table. Sessions are left out:
 * they end by themselves, whoever looks.
 */
final class Dump {

  private Dump() {}

  /**
   * Takes a dump.
   *
   * @return number of rows and digest, by database and table
   */
  static Map<String, String> of(TestPlatform platform) throws SQLException {
    Map<String, String> dump = new TreeMap<>();
    for (Service service : Service.values()) {
      if (!service.database().isEmpty()) {
        try (Connection database = platform.superuser(service)) {
          for (String table : tables(database)) {
            dump.put(service.database() + "." + table, digest(database, table));
          }
        }
      }
    }
    return dump;
  }

  private static List<String> tables(Connection database) throws SQLException {
    List<String> tables = new ArrayList<>();
    try (Statement statement = database.createStatement();
        ResultSet rows =
            statement.executeQuery(
                """
                select quote_ident(table_schema) || '.' || quote_ident(table_name)
                from information_schema.tables
                where table_type = 'BASE TABLE'
                  and table_schema not in ('pg_catalog', 'information_schema')
                  and table_name not in ('credential', 'spring_session', 'spring_session_attributes')
                order by 1
                """)) {
      while (rows.next()) {
        tables.add(rows.getString(1));
      }
    }
    return tables;
  }

  private static String digest(Connection database, String table) throws SQLException {
    try (Statement statement = database.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                select count(*) || ' rows, ' || coalesce(md5(string_agg(md5(t::text), '' order by md5(t::text))), '')
                from %s as t
                """
                    .formatted(table))) {
      row.next();
      return row.getString(1);
    }
  }
}
