package io.mybella.operator.importing;

import io.mybella.operator.importing.delivery.Batch;
import io.mybella.operator.importing.delivery.Endpoint;
import io.mybella.operator.importing.delivery.Outcome;
import io.mybella.operator.importing.delivery.PlatformUnavailable;
import io.mybella.operator.importing.delivery.Recipient;
import io.mybella.operator.importing.delivery.Row;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Brings whom each user talks to: at last, because listeners then know all the rest. */
final class CurrentStep {

  private static final String TABLE = "user_settings";

  private final Workbench bench;
  private final PersonaIndex personas;
  private final Recipient recipient;
  private final Tally tally;
  private final Progress progress;
  private final Instant now;

  CurrentStep(
      Workbench bench,
      PersonaIndex personas,
      Recipient recipient,
      Report report,
      Progress progress,
      Instant now) {
    this.bench = bench;
    this.personas = personas;
    this.recipient = recipient;
    this.tally = report.of(TABLE);
    this.progress = progress;
    this.now = now;
  }

  /** Writes down which settings of a user are the last. */
  static void read(Workbench bench) throws SQLException {
    if (bench.legacy().has(TABLE)) {
      try (Statement statement = bench.connection().createStatement()) {
        statement.execute(
            """
            INSERT INTO work.setting (user_id, old_row)
            SELECT user_id, max(rowid) FROM main.user_settings
            WHERE typeof(user_id) = 'integer' GROUP BY user_id
            """);
      }
    }
  }

  void run() throws SQLException, PlatformUnavailable, InterruptedException {
    if (!bench.legacy().has(TABLE)) {
      return;
    }
    progress.begin("settings", bench.rowsOf(TABLE));
    Batch batch = new Batch();
    try (Statement statement = bench.connection().createStatement();
        ResultSet rows =
            statement.executeQuery(
                """
                SELECT s.rowid AS row, s.user_id AS user_id, w.old_row AS last, %s
                FROM main.user_settings s LEFT JOIN work.setting w ON w.user_id = s.user_id
                ORDER BY s.rowid
                """
                    .formatted(
                        bench
                            .legacy()
                            .select(
                                TABLE,
                                "s",
                                "current_persona",
                                "current_persona_id",
                                "updated_at")))) {
      while (rows.next()) {
        tally.read(1);
        Told.Current current = current(TABLE + ":" + rows.getLong("row"), new Values(rows));
        if (current == null) {
          progress.add(1);
          continue;
        }
        Row row = current.toRow();
        if (!batch.hasRoomFor(row)) {
          send(batch);
        }
        batch.add(row);
      }
    }
    send(batch);
    progress.end();
  }

  private Told.@Nullable Current current(String key, Values values) throws SQLException {
    Long personaId = values.number("current_persona_id");
    String name = values.text("current_persona");
    if (personaId == null && name == null) {
      tally.left(key, "it names no persona");
      return null;
    }
    Long last = values.number("last");
    if (last != null && !key.equals(TABLE + ":" + last)) {
      tally.left(key, "its user has later settings, which decide");
      return null;
    }
    Long user = values.number("user_id");
    Optional<String> persona =
        user == null ? Optional.empty() : personas.find(user, personaId, name);
    if (user == null || persona.isEmpty()) {
      tally.unplaced(
          key, user == null ? "it names no user" : "it names a persona that is not in the file");
      return null;
    }
    return told(key, user, persona.get(), values.time("updated_at", now));
  }

  private Told.@Nullable Current told(
      String key, long user, String persona, @Nullable Instant updated) throws SQLException {
    try (PreparedStatement query =
        bench
            .connection()
            .prepareStatement(
                """
                SELECT a.new_id AS new_user, n.new_id AS new_persona,
                  (SELECT max(l.at) FROM work.pair p JOIN work.line l ON l.pair = p.id
                   WHERE p.user_id = ?1 AND p.persona = ?2) AS said
                FROM (SELECT 1) LEFT JOIN work.account a ON a.old_id = ?1
                LEFT JOIN work.persona n ON n.key = ?2
                """)) {
      query.setLong(1, user);
      query.setString(2, persona);
      try (ResultSet row = query.executeQuery()) {
        row.next();
        Long newUser = Workbench.longOrNull(row, "new_user");
        Long newPersona = Workbench.longOrNull(row, "new_persona");
        if (newUser == null || newPersona == null) {
          tally.unplaced(key, "its user or persona was not imported");
          return null;
        }
        Instant said = Instant.EPOCH.plus(row.getLong("said"), ChronoUnit.MICROS);
        return new Told.Current(key, newUser, newPersona, updated != null ? updated : said);
      }
    }
  }

  private void send(Batch batch) throws PlatformUnavailable, InterruptedException {
    if (batch.isEmpty()) {
      return;
    }
    for (Outcome outcome : recipient.deliver(Endpoint.CURRENT, Map.of(), batch.take())) {
      tally.count(outcome);
      progress.add(1);
    }
  }
}
