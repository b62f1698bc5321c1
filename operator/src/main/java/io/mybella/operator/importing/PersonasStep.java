package io.mybella.operator.importing;

import io.mybella.operator.importing.delivery.Batch;
import io.mybella.operator.importing.delivery.Endpoint;
import io.mybella.operator.importing.delivery.Outcome;
import io.mybella.operator.importing.delivery.PlatformUnavailable;
import io.mybella.operator.importing.delivery.Recipient;
import io.mybella.operator.importing.delivery.Row;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Brings the personas, those that are made for names that nobody has at last: the ids of the old
 * ones are kept where they are free.
 */
final class PersonasStep {

  /** Far beyond what the platform keeps of a text: it cuts it, and says so. */
  private static final int LONGEST = 100_000;

  private static final String TABLE = "persona_profiles";
  private static final String INVENTED = "(names of no persona)";

  private final Workbench bench;
  private final Recipient recipient;
  private final Report report;
  private final Tally tally;
  private final Progress progress;
  private final Instant now;

  PersonasStep(
      Workbench bench, Recipient recipient, Report report, Progress progress, Instant now) {
    this.bench = bench;
    this.recipient = recipient;
    this.tally = report.of(TABLE);
    this.report = report;
    this.progress = progress;
    this.now = now;
  }

  void run() throws SQLException, PlatformUnavailable, InterruptedException {
    progress.begin("personas", bench.number("SELECT count(*) FROM work.persona"));
    Batch batch = new Batch();
    try (Statement statement = bench.connection().createStatement();
        ResultSet rows =
            statement.executeQuery(
                """
                SELECT n.key, n.old_id, n.owner, n.name, n.display, n.active, n.reason,
                  a.new_id AS new_owner, a.reason AS owner_reason, %s
                FROM work.persona n
                LEFT JOIN main.persona_profiles p ON p.id = n.old_id
                LEFT JOIN work.account a ON a.old_id = n.owner
                ORDER BY n.old_id IS NULL, n.old_id, n.key
                """
                    .formatted(
                        bench
                            .legacy()
                            .select(
                                TABLE,
                                "p",
                                "description",
                                "personality_traits",
                                "communication_style",
                                "tagline",
                                "voice_id",
                                "created_at",
                                "updated_at")))) {
      while (rows.next()) {
        String key = rows.getString("key");
        tally(key).read(1);
        String obstacle = obstacle(rows);
        if (obstacle != null) {
          tally(key).unplaced(key, obstacle);
          bench.persona(key, null, obstacle);
          progress.add(1);
          continue;
        }
        Row row = persona(rows).toRow();
        if (!batch.hasRoomFor(row)) {
          send(batch);
        }
        batch.add(row);
      }
    }
    send(batch);
    progress.end();
  }

  private Tally tally(String key) {
    return key.startsWith(TABLE) ? tally : report.of(INVENTED);
  }

  private static @Nullable String obstacle(ResultSet rows) throws SQLException {
    String reason = rows.getString("reason");
    if (reason != null) {
      return reason;
    }
    boolean owned = Workbench.longOrNull(rows, "owner") != null;
    return owned && Workbench.longOrNull(rows, "new_owner") == null
        ? "its user was not imported: " + rows.getString("owner_reason")
        : null;
  }

  private Told.Persona persona(ResultSet rows) throws SQLException {
    Values values = new Values(rows);
    Long oldId = Workbench.longOrNull(rows, "old_id");
    return new Told.Persona(
        rows.getString("key"),
        oldId == null || oldId <= 0 ? null : oldId,
        Workbench.longOrNull(rows, "new_owner"),
        rows.getString("name"),
        rows.getString("display"),
        values.text("description", LONGEST),
        values.text("personality_traits", LONGEST),
        values.text("communication_style", LONGEST),
        values.text("tagline", LONGEST),
        values.text("voice_id", LONGEST),
        rows.getBoolean("active"),
        values.time("created_at", now),
        values.time("updated_at", now));
  }

  private void send(Batch batch) throws SQLException, PlatformUnavailable, InterruptedException {
    if (batch.isEmpty()) {
      return;
    }
    for (Outcome outcome : recipient.deliver(Endpoint.PERSONAS, Map.of(), batch.take())) {
      tally(outcome.key()).count(outcome);
      bench.persona(outcome.key(), outcome.id(), outcome.reason());
      progress.add(1);
    }
  }
}
