package io.mybella.operator.importing;

import io.mybella.operator.legacy.LegacyFile;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is worked out about the old file, in a database beside the private copy: a million messages
 * and their order do not fit into the memory of a small program, and SQLite sorts them well.
 */
final class Workbench implements AutoCloseable {

  /** The messages of {@code chat_messages} among the lines. */
  static final int CHAT = 0;

  /** The messages of {@code messages} among the lines. */
  static final int OLDER = 1;

  /** Conversations among the others. */
  static final int CONVERSATION = 2;

  /** Preferences among the others. */
  static final int PREFERENCE = 3;

  private static final String[] TABLES = {
    """
    CREATE TABLE work.account (
      old_id INTEGER PRIMARY KEY, folded_email TEXT UNIQUE, new_id INTEGER, reason TEXT)
    """,
    """
    CREATE TABLE work.persona (
      key TEXT PRIMARY KEY, old_id INTEGER UNIQUE, owner INTEGER, name TEXT NOT NULL,
      display TEXT, folded TEXT NOT NULL, folded_display TEXT, active INTEGER NOT NULL,
      new_id INTEGER, reason TEXT)
    """,
    "CREATE INDEX work.persona_name ON persona (folded)",
    "CREATE INDEX work.persona_display ON persona (folded_display)",
    "CREATE TABLE work.setting (user_id INTEGER PRIMARY KEY, old_row INTEGER NOT NULL)",
    """
    CREATE TABLE work.pair (
      id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL, persona TEXT NOT NULL,
      UNIQUE (user_id, persona))
    """,
    """
    CREATE TABLE work.reference (
      id INTEGER PRIMARY KEY, user_id INTEGER, persona_id INTEGER, name TEXT,
      pair INTEGER, reason TEXT)
    """,
    """
    CREATE TABLE work.line (
      pair INTEGER NOT NULL, at INTEGER NOT NULL, kind INTEGER NOT NULL, old_id INTEGER NOT NULL,
      odd INTEGER NOT NULL)
    """,
    """
    CREATE TABLE work.other (
      kind INTEGER NOT NULL, pair INTEGER NOT NULL, at INTEGER NOT NULL, old_id INTEGER NOT NULL,
      PRIMARY KEY (kind, pair, at, old_id)) WITHOUT ROWID
    """
  };

  private final LegacyFile legacy;
  private final Connection connection;

  Workbench(LegacyFile legacy) throws SQLException {
    this.legacy = legacy;
    this.connection = legacy.connect();
    try (Statement statement = connection.createStatement()) {
      for (String table : TABLES) {
        statement.execute(table);
      }
    }
  }

  /** The connection that writes; used by one thread. */
  Connection connection() {
    return connection;
  }

  LegacyFile legacy() {
    return legacy;
  }

  /** A message or the like belongs to a user and a persona, by their ids here. */
  record Pair(
      long id,
      long oldUser,
      @Nullable Long user,
      String personaKey,
      @Nullable Long persona,
      @Nullable String reason) {

    /** Why nothing of it can be placed. */
    Optional<String> obstacle() {
      return user != null && persona != null
          ? Optional.empty()
          : Optional.of(reason == null ? "its user or persona was not imported" : reason);
    }
  }

  /** A pair with the ids that were given here. */
  static Pair pair(ResultSet row) throws SQLException {
    Long user = longOrNull(row, "new_user");
    Long persona = longOrNull(row, "new_persona");
    return new Pair(
        row.getLong("pair"),
        row.getLong("user_id"),
        user,
        row.getString("persona"),
        persona,
        user == null ? row.getString("user_reason") : row.getString("persona_reason"));
  }

  /** What {@link #pair} reads, for a FROM. */
  static final String PAIRS =
      """
      work.pair p
      LEFT JOIN work.account a ON a.old_id = p.user_id
      LEFT JOIN work.persona n ON n.key = p.persona
      """;

  /** What {@link #pair} reads, for a SELECT. */
  static final String PAIR_COLUMNS =
      """
      p.id AS pair, p.user_id, p.persona, a.new_id AS new_user, n.new_id AS new_persona,
      'its user was not imported: ' || coalesce(a.reason, '') AS user_reason,
      'its persona was not imported: ' || coalesce(n.reason, '') AS persona_reason
      """;

  static @Nullable Long longOrNull(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? null : (Long) value;
  }

  /** How many rows a table of the old file has. */
  long rowsOf(String table) throws SQLException {
    return legacy.has(table)
        ? number("SELECT count(*) FROM main.\"%s\"".formatted(table.replace("\"", "\"\"")))
        : 0;
  }

  /** The first number of the first row. */
  long number(String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      return rows.next() ? rows.getLong(1) : 0;
    }
  }

  /** Writes down what became of an account. */
  void account(long oldId, @Nullable Long newId, @Nullable String reason) throws SQLException {
    settle("UPDATE work.account SET new_id = ?, reason = ? WHERE old_id = ?", newId, reason, oldId);
  }

  /** Writes down what became of a persona. */
  void persona(String key, @Nullable Long newId, @Nullable String reason) throws SQLException {
    settle("UPDATE work.persona SET new_id = ?, reason = ? WHERE key = ?", newId, reason, key);
  }

  private void settle(String update, @Nullable Long newId, @Nullable String reason, Object which)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(update)) {
      statement.setObject(1, newId);
      statement.setString(2, reason);
      statement.setObject(3, which);
      statement.executeUpdate();
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
