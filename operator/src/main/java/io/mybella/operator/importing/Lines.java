package io.mybella.operator.importing;

import io.mybella.operator.legacy.OldTime;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Puts what users and personas said into its order: by pair, then by time, then by the old id. Rows
 * that belong nowhere, and the twins of others, are counted here and go no further.
 */
final class Lines {

  /** The old app wrote a message into both tables within that time. */
  private static final long TWINS_MICROS = 5_000_000;

  /** A row that had no readable time stands where the row before it stands. */
  private static final int ODD = 1;

  private static final int BATCH = 10_000;

  private final Workbench bench;
  private final PersonaIndex personas;
  private final Report report;
  private final Progress progress;
  private final Instant now;
  private final Connection connection;

  Lines(Workbench bench, PersonaIndex personas, Report report, Progress progress, Instant now) {
    this.bench = bench;
    this.personas = personas;
    this.report = report;
    this.progress = progress;
    this.now = now;
    this.connection = bench.connection();
  }

  /** Reads all of them. */
  void read() throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      messages("chat_messages", Workbench.CHAT);
      statement.execute("CREATE INDEX work.line_order ON line (pair, at, kind, old_id)");
      connection.commit();
      messages("messages", Workbench.OLDER);
      connection.commit();
      others("conversation_memories", Workbench.CONVERSATION, "started_at");
      preferences();
      connection.commit();
      statement.execute("ANALYZE work");
    } finally {
      connection.setAutoCommit(true);
    }
  }

  private void messages(String table, int kind) throws SQLException {
    if (!bench.legacy().has(table)) {
      return;
    }
    Tally tally = report.of(table);
    boolean seeksTwins = kind == Workbench.OLDER && bench.legacy().has("chat_messages");
    try (Statement query = connection.createStatement();
        ResultSet rows =
            query.executeQuery(
                """
                SELECT t.id AS id, %s, octet_length(t.content) AS bytes, r.pair, r.reason
                FROM main."%s" t %s ORDER BY t.id
                """
                    .formatted(
                        bench.legacy().select(table, "t", "timestamp"),
                        table,
                        personas.join(table, "t")));
        PreparedStatement insert =
            connection.prepareStatement("INSERT INTO work.line VALUES (?, ?, ?, ?, ?)");
        Twins twins = new Twins(seeksTwins)) {
      Clockwork times = new Clockwork(now);
      int since = 0;
      while (rows.next()) {
        long id = rows.getLong("id");
        String key = table + ":" + id;
        long at = times.of(rows.getObject("timestamp"));
        tally.read(1);
        progress.add(1);
        Optional<String> obstacle = obstacle(rows);
        if (obstacle.isPresent()) {
          tally.unplaced(key, obstacle.get());
        } else if (twins.has(rows.getLong("pair"), id, at, times.isOdd())) {
          tally.countTwin(key, "the same message is in chat_messages, within 5 seconds");
        } else {
          insert.setLong(1, rows.getLong("pair"));
          insert.setLong(2, at);
          insert.setInt(3, kind);
          insert.setLong(4, id);
          insert.setInt(5, times.isOdd() ? ODD : 0);
          insert.addBatch();
          times.remark(tally, key);
          if (++since == BATCH) {
            insert.executeBatch();
            since = 0;
          }
        }
      }
      insert.executeBatch();
      times.settleFirst(kind);
    }
  }

  private static Optional<String> obstacle(ResultSet rows) throws SQLException {
    String reason = rows.getString("reason");
    if (reason != null) {
      return Optional.of(reason);
    }
    long bytes = rows.getLong("bytes");
    if (rows.wasNull() || bytes == 0) {
      return Optional.of("it has no text");
    }
    return bytes > MessagesStep.MOST_BYTES
        ? Optional.of("its text is larger than 4 MiB")
        : Optional.empty();
  }

  private void others(String table, int kind, String time) throws SQLException {
    if (!bench.legacy().has(table)) {
      return;
    }
    Tally tally = report.of(table);
    try (Statement query = connection.createStatement();
        ResultSet rows =
            query.executeQuery(
                "SELECT t.id AS id, %s, r.pair, r.reason FROM main.\"%s\" t %s ORDER BY t.id"
                    .formatted(
                        bench.legacy().select(table, "t", time),
                        table,
                        personas.join(table, "t")))) {
      while (rows.next()) {
        String key = table + ":" + rows.getLong("id");
        tally.read(1);
        String reason = rows.getString("reason");
        if (reason != null) {
          tally.unplaced(key, reason);
        } else {
          other(kind, rows.getLong("pair"), rows.getLong("id"), micros(rows.getObject(time)));
        }
      }
    }
  }

  /** Preferences of before there were personas belong to the persona that the user talks to. */
  private void preferences() throws SQLException {
    String table = "user_preferences";
    if (!bench.legacy().has(table)) {
      return;
    }
    Tally tally = report.of(table);
    Map<Long, Optional<Long>> homes = new HashMap<>();
    try (Statement query = connection.createStatement();
        ResultSet rows =
            query.executeQuery(
                """
                SELECT t.id AS id, t.user_id AS user_id, %s, r.pair, r.reason
                FROM main.%s t %s ORDER BY t.user_id, t.id
                """
                    .formatted(
                        bench.legacy().select(table, "t", "persona_id"),
                        table,
                        personas.join(table, "t")))) {
      while (rows.next()) {
        long id = rows.getLong("id");
        String key = table + ":" + id;
        tally.read(1);
        boolean ofNobody = !(rows.getObject("persona_id") instanceof Number);
        // What a message without a persona comes to is another thing.
        Long pair = ofNobody ? null : Workbench.longOrNull(rows, "pair");
        String reason = ofNobody ? null : rows.getString("reason");
        if (pair == null && reason == null) {
          long user = rows.getLong("user_id");
          if (!homes.containsKey(user)) {
            // They come by user: one is all that has to be remembered.
            homes.clear();
            homes.put(user, home(user));
          }
          pair = homes.getOrDefault(user, Optional.empty()).orElse(null);
          if (pair != null) {
            tally.note(key, "it was of no persona: given to the one that its user talks to");
          }
        }
        if (pair == null) {
          tally.unplaced(
              key,
              reason != null
                  ? reason
                  : "it is of no persona, and its user talks to none, or is not in the file");
        } else {
          other(Workbench.PREFERENCE, pair, id, 0);
        }
      }
    }
  }

  private void other(int kind, long pair, long id, long at) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO work.other VALUES (?, ?, ?, ?)")) {
      insert.setInt(1, kind);
      insert.setLong(2, pair);
      insert.setLong(3, at);
      insert.setLong(4, id);
      insert.executeUpdate();
    }
  }

  /** The pair of a user and the persona chosen last, or else the one of most messages. */
  private Optional<Long> home(long user) throws SQLException {
    Optional<String> current = currentPersona(user);
    if (current.isPresent()) {
      return Optional.of(personas.pair(user, current.get()));
    }
    try (PreparedStatement query =
        connection.prepareStatement(
            """
            SELECT p.id FROM work.pair p
            WHERE p.user_id = ?
            ORDER BY (SELECT count(*) FROM work.line l WHERE l.pair = p.id) DESC, p.id LIMIT 1
            """)) {
      query.setLong(1, user);
      try (ResultSet rows = query.executeQuery()) {
        return rows.next() ? Optional.of(rows.getLong(1)) : Optional.empty();
      }
    }
  }

  private Optional<String> currentPersona(long user) throws SQLException {
    if (!bench.legacy().has("user_settings")) {
      return Optional.empty();
    }
    try (PreparedStatement query =
        connection.prepareStatement(
            """
            SELECT %s FROM work.setting w JOIN main.user_settings s ON s.rowid = w.old_row
            WHERE w.user_id = ?
            """
                .formatted(
                    bench
                        .legacy()
                        .select("user_settings", "s", "current_persona_id", "current_persona")))) {
      query.setLong(1, user);
      try (ResultSet rows = query.executeQuery()) {
        if (!rows.next()) {
          return Optional.empty();
        }
        Values values = new Values(rows);
        return personas.find(
            user, values.number("current_persona_id"), values.text("current_persona"));
      }
    }
  }

  private static long micros(@Nullable Object value) {
    Instant time = OldTime.read(value);
    return time == null ? 0 : ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }

  /** The times of a table's rows as they come, the ones that cannot be read among them. */
  private final class Clockwork {

    /** Of rows at the beginning, until a time is known. */
    private static final long NOT_YET = -1;

    private final long latest;
    private long before = NOT_YET;
    private long first = NOT_YET;
    private @Nullable String oddity;

    Clockwork(Instant now) {
      latest = ChronoUnit.MICROS.between(Instant.EPOCH, now);
    }

    long of(@Nullable Object value) {
      Instant time = OldTime.read(value);
      long micros = time == null ? NOT_YET : ChronoUnit.MICROS.between(Instant.EPOCH, time);
      oddity =
          time == null
              ? "its time cannot be read: that of the message before it was taken"
              : micros > latest
                  ? "its time is in the future: that of the message before it was taken"
                  : null;
      if (oddity != null) {
        return before;
      }
      before = micros;
      first = first == NOT_YET ? micros : first;
      return micros;
    }

    boolean isOdd() {
      return oddity != null;
    }

    void remark(Tally tally, String key) {
      if (oddity != null) {
        tally.note(key, oddity);
      }
    }

    /** Rows before the first readable time get that one. */
    void settleFirst(int kind) throws SQLException {
      try (PreparedStatement update =
          connection.prepareStatement("UPDATE work.line SET at = ? WHERE kind = ? AND at = ?")) {
        update.setLong(1, Math.max(first, 0));
        update.setInt(2, kind);
        update.setLong(3, NOT_YET);
        update.executeUpdate();
      }
    }
  }

  /** Finds the message in {@code chat_messages} that one in {@code messages} is the copy of. */
  private final class Twins implements AutoCloseable {

    private final @Nullable PreparedStatement near;
    private final @Nullable PreparedStatement anytime;

    Twins(boolean sought) throws SQLException {
      near = sought ? query("l.at BETWEEN ?3 - ?4 AND ?3 + ?4") : null;
      // Of two times that cannot be read it is not known that they differ.
      anytime = sought ? query("l.odd = %d AND ?3 <> ?4".formatted(ODD)) : null;
    }

    private PreparedStatement query(String when) throws SQLException {
      return connection.prepareStatement(
          """
          SELECT 1 FROM work.line l
          JOIN main.chat_messages c ON c.id = l.old_id
          JOIN main.messages m ON m.id = ?1
          WHERE l.pair = ?2 AND l.kind = 0 AND %s AND c.content = m.content AND %s = %s
          LIMIT 1
          """
              .formatted(when, OldRole.sql("c.role"), OldRole.sql("m.role")));
    }

    boolean has(long pair, long id, long at, boolean odd) throws SQLException {
      PreparedStatement query = odd ? anytime : near;
      if (query == null) {
        return false;
      }
      query.setLong(1, id);
      query.setLong(2, pair);
      query.setLong(3, at);
      query.setLong(4, TWINS_MICROS);
      try (ResultSet rows = query.executeQuery()) {
        return rows.next();
      }
    }

    @Override
    public void close() throws SQLException {
      if (near != null) {
        near.close();
      }
      if (anytime != null) {
        anytime.close();
      }
    }
  }
}
