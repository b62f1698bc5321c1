package io.mybella.operator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Makes files as the old MyBella left them, of every age. */
public final class OldMyBella implements AutoCloseable {

  /** How old a file is: what its tables have. */
  public enum Age {
    /** Only one table of messages, and personas of the system alone. */
    FIRST,
    /** With memories, but before each user had personas of their own. */
    BEFORE_ISOLATION,
    /** As {@code add_persona_isolation.py} left it. */
    LAST
  }

  private static final String USERS =
      """
      CREATE TABLE users (
        id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(80), email VARCHAR(120), password_hash TEXT,
        role VARCHAR(20), gender VARCHAR(20), profile_picture VARCHAR(255), created_at DATETIME,
        active BOOLEAN)
      """;
  private static final String PERSONAS =
      """
      CREATE TABLE persona_profiles (
        id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(80) UNIQUE, display_name VARCHAR(120),
        description TEXT, profile_picture VARCHAR(255), personality_traits TEXT,
        voice_settings TEXT, is_active BOOLEAN, created_by INTEGER, created_at DATETIME,
        updated_at DATETIME)
      """;
  private static final String CHAT =
      """
      CREATE TABLE chat_messages (
        id INTEGER NOT NULL PRIMARY KEY, user_id INTEGER, memory_id INTEGER, role VARCHAR(20),
        content TEXT, persona VARCHAR(80), timestamp DATETIME, tokens INTEGER, model VARCHAR(80),
        has_crisis_keywords BOOLEAN, sentiment VARCHAR(20))
      """;
  private static final String MEMORIES =
      """
      CREATE TABLE conversation_memories (
        id INTEGER NOT NULL PRIMARY KEY, user_id INTEGER, persona VARCHAR(80),
        session_id VARCHAR(80), started_at DATETIME, last_updated DATETIME, summary TEXT,
        key_topics TEXT, user_mood VARCHAR(40), important_facts TEXT, message_count INTEGER,
        tokens_used INTEGER)
      """;
  private static final String PREFERENCES =
      """
      CREATE TABLE user_preferences (
        id INTEGER NOT NULL PRIMARY KEY, user_id INTEGER, category VARCHAR(60), key VARCHAR(120),
        value TEXT, confidence FLOAT, learned_from TEXT, first_observed DATETIME,
        last_confirmed DATETIME, times_observed INTEGER)
      """;
  private static final String SETTINGS =
      """
      CREATE TABLE user_settings (
        id INTEGER NOT NULL PRIMARY KEY, user_id INTEGER, current_persona VARCHAR(80),
        mode VARCHAR(40), tts_enabled BOOLEAN, voice_override VARCHAR(80))
      """;
  private static final String MESSAGES =
      """
      CREATE TABLE messages (
        id INTEGER NOT NULL PRIMARY KEY, user_id INTEGER, chat_id INTEGER, role VARCHAR(20),
        content TEXT, persona VARCHAR(80), timestamp DATETIME)
      """;

  /** What {@code add_persona_isolation.py} added, table by table. */
  private static final String[] ISOLATION = {
    "persona_profiles ADD COLUMN communication_style TEXT",
    "persona_profiles ADD COLUMN tagline TEXT",
    "persona_profiles ADD COLUMN voice_id VARCHAR(80)",
    "persona_profiles ADD COLUMN custom_voice_url TEXT",
    "persona_profiles ADD COLUMN is_custom BOOLEAN",
    "persona_profiles ADD COLUMN user_id INTEGER",
    "chat_messages ADD COLUMN persona_id INTEGER",
    "conversation_memories ADD COLUMN persona_id INTEGER",
    "user_preferences ADD COLUMN persona_id INTEGER",
    "user_settings ADD COLUMN current_persona_id INTEGER"
  };

  private final Path file;
  private final Connection connection;

  private OldMyBella(Path file) throws SQLException {
    this.file = file;
    this.connection = DriverManager.getConnection("jdbc:sqlite:" + file);
  }

  /** An empty file of an age; insert what you need. */
  public static OldMyBella create(Path file, Age age) throws SQLException {
    OldMyBella old = new OldMyBella(file);
    for (String table : List.of(USERS, MESSAGES, PERSONAS, SETTINGS)) {
      old.execute(table);
    }
    if (age != Age.FIRST) {
      for (String table : List.of(CHAT, MEMORIES, PREFERENCES)) {
        old.execute(table);
      }
    }
    if (age == Age.LAST) {
      for (String column : ISOLATION) {
        old.execute("ALTER TABLE " + column);
      }
    }
    return old;
  }

  /** Goes on with a file that is there. */
  public static OldMyBella open(Path file) throws SQLException {
    return new OldMyBella(file);
  }

  /** The file. */
  public Path file() {
    return file;
  }

  /** The connection, for whatever a test does with it. */
  public Connection connection() {
    return connection;
  }

  /** Runs a statement. */
  public OldMyBella execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
    return this;
  }

  /**
   * Inserts a row.
   *
   * @param values name, value, name, value, …
   */
  public OldMyBella insert(String table, Object... values) throws SQLException {
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < values.length; i += 2) {
      columns.add("\"" + values[i] + "\"");
    }
    try (PreparedStatement statement =
        connection.prepareStatement(
            "INSERT INTO %s (%s) VALUES (%s)"
                .formatted(
                    table,
                    String.join(", ", columns),
                    String.join(", ", Collections.nCopies(columns.size(), "?"))))) {
      for (int i = 0; i < columns.size(); i++) {
        statement.setObject(i + 1, values[2 * i + 1]);
      }
      statement.executeUpdate();
    }
    return this;
  }

  /** How many rows a table has. */
  public long count(String table) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT count(*) FROM " + table)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  /**
   * Inserts many messages of users 1 and on, each with the personas 1 and on, every one of them a
   * second after the one before.
   */
  public OldMyBella insertMany(int messages, int users, int personas) throws SQLException {
    execute(
        """
        WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < %d)
        INSERT INTO chat_messages (user_id, role, content, timestamp, persona_id, tokens)
        SELECT 1 + i / 2 %% %d, CASE i %% 2 WHEN 0 THEN 'user' ELSE 'bot' END,
          'Message ' || i || ' of a long friendship, as long as most of them are: '
            || substr('We talked about the garden, the rain, the dog, and what to cook. ', 1, 20 + i %% 45),
          datetime(1700000000 + i, 'unixepoch'), 1 + (i / 2 / %d) %% %d, 12
        FROM n
        """
            .formatted(messages, users, users, personas));
    return this;
  }

  /** Writes an uploaded file beside the database. */
  public OldMyBella upload(String folder, String name, byte[] content) throws IOException {
    Path target = file.resolveSibling("uploads").resolve(folder).resolve(name);
    Files.createDirectories(target.getParent());
    Files.write(target, content);
    return this;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
