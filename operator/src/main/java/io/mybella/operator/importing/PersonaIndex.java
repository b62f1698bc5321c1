package io.mybella.operator.importing;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which persona a row of the old file means. The id wins, where that persona exists and the user
 * may see it; else the name decides, first as it is written, then whatever its case, first among
 * the user's own personas, then among those of the system, first as a name, then as a display name.
 * What is left becomes an inactive persona of that user, so that nothing is dropped.
 */
final class PersonaIndex {

  private static final String[] REFERRING = {"chat_messages", "messages", "conversation_memories"};

  private static final int LONGEST_NAME = 100;

  /** What is said to nobody that the file names. */
  private static final String NAMELESS = "Unknown";

  private final Workbench bench;
  private final Connection connection;

  PersonaIndex(Workbench bench) {
    this.bench = bench;
    this.connection = bench.connection();
  }

  /** Reads the personas of the file. */
  void readPersonas() throws SQLException {
    connection.setAutoCommit(false);
    try (Statement query = connection.createStatement();
        ResultSet rows =
            query.executeQuery(
                "SELECT p.id, %s FROM main.persona_profiles p ORDER BY p.id"
                    .formatted(
                        bench
                            .legacy()
                            .select(
                                "persona_profiles",
                                "p",
                                "name",
                                "display_name",
                                "is_active",
                                "is_custom",
                                "user_id",
                                "created_by")));
        PreparedStatement insert =
            connection.prepareStatement(
                """
                INSERT INTO work.persona
                  (key, old_id, owner, name, display, folded, folded_display, active, reason)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)) {
      while (rows.next()) {
        Values values = new Values(rows);
        long id = rows.getLong("id");
        Long owner = owner(values);
        String display = values.text("display_name", LONGEST_NAME * 10);
        String name = values.text("name", LONGEST_NAME * 10);
        String named = name != null ? name : display != null ? display : "Persona " + id;
        insert.setString(1, "persona_profiles:" + id);
        insert.setLong(2, id);
        insert.setObject(3, owner);
        insert.setString(4, named);
        insert.setString(5, display);
        insert.setString(6, Names.fold(named));
        insert.setString(7, display == null ? null : Names.fold(display));
        insert.setBoolean(8, values.flag("is_active", true));
        insert.setString(
            9, owner == null || userExists(owner) ? null : "its user is not in the file");
        insert.executeUpdate();
      }
      connection.commit();
    } finally {
      connection.setAutoCommit(true);
    }
  }

  /** Files without {@code user_id} say of custom personas alone who made them. */
  private static @Nullable Long owner(Values values) throws SQLException {
    Long owner = values.number("user_id");
    return owner == null && values.flag("is_custom", false) ? values.number("created_by") : owner;
  }

  private boolean userExists(long id) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement("SELECT 1 FROM work.account WHERE old_id = ?")) {
      query.setLong(1, id);
      return query.executeQuery().next();
    }
  }

  /** Finds out which pair each combination of user, persona and name means that the file has. */
  void resolveReferences() throws SQLException {
    List<String> selects = new ArrayList<>();
    for (String table : REFERRING) {
      if (bench.legacy().has(table)) {
        selects.add(
            "SELECT %s AS user_id, %s AS persona_id, %s AS name FROM main.\"%s\" t"
                .formatted(user("t"), personaId(table, "t"), personaName(table, "t"), table));
      }
    }
    if (bench.legacy().has("user_preferences", "persona_id")) {
      selects.add(
          """
          SELECT %s, %s, NULL FROM main.user_preferences t WHERE typeof(t.persona_id) = 'integer'
          """
              .formatted(user("t"), personaId("user_preferences", "t")));
    }
    if (selects.isEmpty()) {
      return;
    }
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      // DISTINCT, unlike UNIQUE, holds one NULL for another.
      statement.execute(
          "INSERT INTO work.reference (user_id, persona_id, name) SELECT DISTINCT * FROM (%s) ORDER BY 1, 2, 3"
              .formatted(String.join(" UNION ALL ", selects)));
      resolveAll(statement);
      statement.execute("CREATE INDEX work.reference_key ON reference (user_id, persona_id, name)");
      connection.commit();
    } finally {
      connection.setAutoCommit(true);
    }
  }

  private void resolveAll(Statement statement) throws SQLException {
    try (ResultSet rows = statement.executeQuery("SELECT * FROM work.reference ORDER BY id");
        PreparedStatement update =
            connection.prepareStatement(
                "UPDATE work.reference SET pair = ?, reason = ? WHERE id = ?")) {
      while (rows.next()) {
        Long user = Workbench.longOrNull(rows, "user_id");
        if (user != null && userExists(user)) {
          String persona =
              findOrInvent(user, Workbench.longOrNull(rows, "persona_id"), rows.getString("name"));
          update.setLong(1, pair(user, persona));
          update.setString(2, null);
        } else {
          update.setObject(1, null);
          update.setString(2, "its user is not in the file");
        }
        update.setLong(3, rows.getLong("id"));
        update.executeUpdate();
      }
    }
  }

  /** The id of a pair, which is made when there is none yet. */
  long pair(long user, String persona) throws SQLException {
    try (PreparedStatement insert =
            connection.prepareStatement(
                "INSERT OR IGNORE INTO work.pair (user_id, persona) VALUES (?, ?)");
        PreparedStatement query =
            connection.prepareStatement(
                "SELECT id FROM work.pair WHERE user_id = ? AND persona = ?")) {
      for (PreparedStatement each : List.of(insert, query)) {
        each.setLong(1, user);
        each.setString(2, persona);
      }
      insert.executeUpdate();
      try (ResultSet rows = query.executeQuery()) {
        rows.next();
        return rows.getLong(1);
      }
    }
  }

  /**
   * The persona that a row means.
   *
   * @return its key; nothing when the file has none such that the user may see
   */
  Optional<String> find(long user, @Nullable Long personaId, @Nullable String name)
      throws SQLException {
    if (personaId != null) {
      Optional<String> byId =
          first(
              "SELECT key FROM work.persona WHERE old_id = ? AND (owner IS NULL OR owner = ?)",
              personaId,
              user);
      if (byId.isPresent()) {
        return byId;
      }
    }
    return name == null
        ? Optional.empty()
        : first(
            """
            SELECT key FROM work.persona
            WHERE (folded = ?1 OR folded_display = ?1) AND (owner IS NULL OR owner = ?2)
              AND old_id IS NOT NULL
            ORDER BY name = ?3 DESC, folded = ?1 DESC, owner IS NULL, active DESC, old_id
            LIMIT 1
            """,
            Names.fold(name),
            user,
            name);
  }

  private String findOrInvent(long user, @Nullable Long personaId, @Nullable String name)
      throws SQLException {
    Optional<String> found = find(user, personaId, name);
    return found.isPresent() ? found.get() : invent(user, nameFor(personaId, name));
  }

  private String nameFor(@Nullable Long personaId, @Nullable String name) throws SQLException {
    if (name != null) {
      return name.codePointCount(0, name.length()) <= LONGEST_NAME
          ? name
          : name.substring(0, name.offsetByCodePoints(0, LONGEST_NAME));
    }
    if (personaId == null) {
      return NAMELESS;
    }
    // Another user's: what it was called is known, and that it was is not told.
    return "Persona " + personaId;
  }

  private String invent(long user, String name) throws SQLException {
    String folded = Names.fold(name);
    // Keys are kept for good, and must not tell what somebody called somebody.
    String key = "dangling:" + user + ":" + Names.mark(folded);
    try (PreparedStatement insert =
        connection.prepareStatement(
            """
            INSERT OR IGNORE INTO work.persona (key, owner, name, folded, active)
            VALUES (?, ?, ?, ?, 0)
            """)) {
      insert.setString(1, key);
      insert.setLong(2, user);
      insert.setString(3, name);
      insert.setString(4, folded);
      insert.executeUpdate();
    }
    return key;
  }

  private Optional<String> first(String query, Object... parameters) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
      }
    }
  }

  /** Joins the references of a table, as {@code r}. */
  String join(String table, String alias) {
    return """
    LEFT JOIN work.reference r ON r.user_id IS %s AND r.persona_id IS %s AND r.name IS %s
    """
        .formatted(user(alias), personaId(table, alias), personaName(table, alias));
  }

  private static String user(String alias) {
    return "CASE WHEN typeof(%1$s.user_id) = 'integer' THEN %1$s.user_id END".formatted(alias);
  }

  private String personaId(String table, String alias) {
    return bench.legacy().has(table, "persona_id")
        ? "CASE WHEN typeof(%1$s.persona_id) = 'integer' THEN %1$s.persona_id END".formatted(alias)
        : "NULL";
  }

  private String personaName(String table, String alias) {
    return bench.legacy().has(table, "persona")
        ? "nullif(trim(CAST(%s.persona AS TEXT)), '')".formatted(alias)
        : "NULL";
  }
}
