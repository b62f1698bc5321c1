package io.mybella.operator.legacy;

import io.mybella.operator.legacy.UnreadableFile.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * The database of an older MyBella, as it was when it was opened: whoever goes on writing to it is
 * not seen. Connections read a private copy, and can write to a database {@code work} beside it.
 */
public final class LegacyFile implements AutoCloseable {

  /** What has to be there, or it is no MyBella; all other tables and columns may be missing. */
  private static final Map<String, List<String>> ESSENTIAL =
      Map.of(
          "users", List.of("id", "email"),
          "persona_profiles", List.of("id", "name"));

  /** What has to be in a table where it is there. */
  private static final Map<String, List<String>> ESSENTIAL_IF_THERE =
      Map.of(
          "chat_messages", List.of("id", "user_id", "role", "content"),
          "messages", List.of("id", "user_id", "role", "content"),
          "conversation_memories", List.of("id", "user_id"),
          "user_preferences", List.of("id", "user_id", "key", "value"),
          "user_settings", List.of("user_id"));

  /** Of each connection; SQLite takes negative numbers for KiB, positive ones for pages. */
  private static final int CACHE_KIB = -4096;

  private final Path file;
  private final Snapshot snapshot;
  private final Map<String, Set<String>> columns = new TreeMap<>();

  private LegacyFile(Path file, Snapshot snapshot) {
    this.file = file;
    this.snapshot = snapshot;
  }

  /**
   * Opens a file without writing to it, or to anything beside it.
   *
   * @param file the SQLite file; a write-ahead log beside it belongs to it
   * @param scratch a folder for the private copy
   * @throws UnreadableFile when it cannot be read, with what to do
   * @throws IOException when the copy cannot be made
   */
  public static LegacyFile open(Path file, Path scratch) throws UnreadableFile, IOException {
    LegacyFile legacy = new LegacyFile(file, Snapshot.of(file, scratch));
    try {
      legacy.examine();
      return legacy;
    } catch (SQLException e) {
      legacy.close();
      throw legacy.unreadable(e);
    } catch (UnreadableFile | RuntimeException e) {
      legacy.close();
      throw e;
    }
  }

  /**
   * A connection to the copy, as schema {@code main}, and to the database {@code work}.
   *
   * @throws SQLException as always
   */
  public Connection connect() throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setCacheSize(CACHE_KIB);
    config.setBusyTimeout(60_000);
    Connection connection = config.createConnection("jdbc:sqlite:" + snapshot.database());
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA trusted_schema = OFF");
      statement.execute("PRAGMA temp_store_directory = '%s'".formatted(quoted(snapshot.folder())));
      statement.execute("ATTACH DATABASE '%s' AS work".formatted(quoted(snapshot.workbench())));
      // It is thrown away at the end, whatever becomes of it.
      statement.execute("PRAGMA work.synchronous = OFF");
      statement.execute("PRAGMA work.journal_mode = MEMORY");
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  private static String quoted(Path path) {
    return path.toString().replace("'", "''");
  }

  /** Whether the file has that table. */
  public boolean has(String table) {
    return columns.containsKey(table);
  }

  /** Whether the file has that column. */
  public boolean has(String table, String column) {
    return columns(table).contains(column);
  }

  /** The columns of a table in lower case; none where it is not there. */
  public Set<String> columns(String table) {
    return columns.getOrDefault(table, Set.of());
  }

  /** The tables of the file in lower case, without those of SQLite itself. */
  public Set<String> tables() {
    return columns.keySet();
  }

  /**
   * The list for a SELECT of a table that may lack some of the columns: NULL stands for those.
   *
   * @param alias of the table in the query
   */
  public String select(String table, String alias, String... wanted) {
    List<String> list = new ArrayList<>();
    for (String column : wanted) {
      list.add(
          has(table, column)
              ? "%s.\"%s\" AS \"%s\"".formatted(alias, column, column)
              : "NULL AS \"%s\"".formatted(column));
    }
    return String.join(", ", list);
  }

  /**
   * What a failure of SQLite says about the file.
   *
   * @param failure while it was read
   */
  public UnreadableFile unreadable(SQLException failure) {
    if (failure instanceof SQLiteException known) {
      SQLiteErrorCode code = known.getResultCode();
      if (code == SQLiteErrorCode.SQLITE_BUSY || code == SQLiteErrorCode.SQLITE_LOCKED) {
        return new UnreadableFile(Kind.LOCKED, file + " is locked by another program", failure);
      }
    }
    return damaged(String.valueOf(failure.getMessage()), failure);
  }

  private UnreadableFile damaged(String what, Throwable cause) {
    return new UnreadableFile(
        Kind.DAMAGED,
        "%s is damaged (%s). What can be saved of it, sqlite3 saves: sqlite3 %s .recover | sqlite3 recovered.db"
            .formatted(file, what, file.getFileName()),
        cause);
  }

  private void examine() throws SQLException, UnreadableFile {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      requireWhole(statement);
      readSchema(statement);
      requireKnownVersion(statement);
    }
    for (Map.Entry<String, List<String>> needed : ESSENTIAL.entrySet()) {
      if (!has(needed.getKey())) {
        throw new UnreadableFile(
            Kind.FOREIGN,
            "%s is an SQLite file, but none of MyBella: it has no table %s"
                .formatted(file, needed.getKey()));
      }
      requireColumns(needed.getKey(), needed.getValue());
    }
    for (Map.Entry<String, List<String>> needed : ESSENTIAL_IF_THERE.entrySet()) {
      if (has(needed.getKey())) {
        requireColumns(needed.getKey(), needed.getValue());
      }
    }
  }

  private void requireWhole(Statement statement) throws SQLException, UnreadableFile {
    try (ResultSet rows = statement.executeQuery("PRAGMA main.quick_check(1)")) {
      if (!rows.next() || !"ok".equals(rows.getString(1))) {
        throw damaged(rows.getString(1), new SQLException("quick_check"));
      }
    }
  }

  private void requireKnownVersion(Statement statement) throws SQLException, UnreadableFile {
    try (ResultSet rows = statement.executeQuery("PRAGMA main.user_version")) {
      // MyBella never set it: whoever does has changed what the tables mean.
      if (rows.next() && rows.getInt(1) != 0) {
        throw new UnreadableFile(
            Kind.NEWER,
            "%s is of schema version %d, and this importer knows those without a version only: take a newer importer"
                .formatted(file, rows.getInt(1)));
      }
    }
  }

  private void requireColumns(String table, List<String> needed) throws UnreadableFile {
    Set<String> missing = new HashSet<>(needed);
    missing.removeAll(columns(table));
    if (!missing.isEmpty()) {
      throw new UnreadableFile(
          Kind.NEWER,
          "%s has a table %s without %s: it is of another program, or of a newer MyBella"
              .formatted(file, table, String.join(", ", missing)));
    }
  }

  private void readSchema(Statement statement) throws SQLException {
    List<String> tables = new ArrayList<>();
    // Views and virtual tables run code of whoever wrote the file.
    try (ResultSet rows =
        statement.executeQuery(
            """
            SELECT name FROM main.sqlite_schema
            WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
              AND sql NOT LIKE 'CREATE VIRTUAL%'
            """)) {
      while (rows.next()) {
        tables.add(rows.getString(1));
      }
    }
    for (String table : tables) {
      Set<String> names = new HashSet<>();
      try (ResultSet rows =
          statement.executeQuery(
              "PRAGMA main.table_info(\"%s\")".formatted(table.replace("\"", "\"\"")))) {
        while (rows.next()) {
          names.add(rows.getString("name").toLowerCase(Locale.ROOT));
        }
      }
      columns.put(table.toLowerCase(Locale.ROOT), names);
    }
  }

  /** Deletes the copy. */
  @Override
  public void close() throws IOException {
    snapshot.close();
  }
}
