package io.mybella.operator.importing;

import io.mybella.operator.importing.Uploads.Found;
import io.mybella.operator.importing.delivery.Endpoint;
import io.mybella.operator.importing.delivery.PlatformUnavailable;
import io.mybella.operator.importing.delivery.Recipient;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/** Brings pictures and voice samples of personas along, one after the other. */
final class FilesStep {

  private static final int LONGEST = 2_000;

  // Far larger bodies end in a closed connection instead of an answer.
  private static final long LARGEST_PICTURE = 6 << 20;
  private static final long LARGEST_SAMPLE = 11 << 20;

  private final Workbench bench;
  private final Recipient recipient;
  private final Report report;
  private final Progress progress;
  private final ImportOptions options;

  FilesStep(
      Workbench bench,
      Recipient recipient,
      Report report,
      Progress progress,
      ImportOptions options) {
    this.bench = bench;
    this.recipient = recipient;
    this.report = report;
    this.progress = progress;
    this.options = options;
  }

  void pictures() throws SQLException, PlatformUnavailable, InterruptedException {
    bring("persona_pics", "profile_picture", Endpoint.PICTURES, LARGEST_PICTURE);
  }

  void samples() throws SQLException, PlatformUnavailable, InterruptedException {
    bring("voices", "custom_voice_url", Endpoint.SAMPLES, LARGEST_SAMPLE);
  }

  private void bring(String folder, String column, Endpoint endpoint, long largest)
      throws SQLException, PlatformUnavailable, InterruptedException {
    if (!bench.legacy().has("persona_profiles", column)) {
      return;
    }
    String named =
        "FROM main.persona_profiles p WHERE trim(coalesce(p.\"%s\", '')) <> ''".formatted(column);
    long count = bench.number("SELECT count(*) " + named);
    if (count == 0) {
      return;
    }
    Tally tally = report.of("uploads/" + folder);
    Uploads uploads = new Uploads(options.uploads(), folder, largest);
    progress.begin(folder, count);
    try (Statement statement = bench.connection().createStatement();
        ResultSet rows =
            statement.executeQuery(
                """
                SELECT p.id, p."%s" AS stored, n.new_id, n.owner, a.new_id AS new_owner
                FROM main.persona_profiles p
                LEFT JOIN work.persona n ON n.old_id = p.id
                LEFT JOIN work.account a ON a.old_id = n.owner
                WHERE trim(coalesce(p."%s", '')) <> '' ORDER BY p.id
                """
                    .formatted(column, column))) {
      while (rows.next()) {
        tally.read(1);
        one(folder, endpoint, tally, uploads, rows);
        progress.add(1);
      }
    }
    progress.end();
  }

  private void one(String folder, Endpoint endpoint, Tally tally, Uploads uploads, ResultSet rows)
      throws SQLException, PlatformUnavailable, InterruptedException {
    String key = folder + ":" + rows.getLong("id");
    String stored = new Values(rows).text("stored", LONGEST);
    Long persona = Workbench.longOrNull(rows, "new_id");
    String whose = whose(endpoint, persona, rows);
    if (persona == null || whose == null) {
      tally.unplaced(
          key,
          persona == null
              ? "its persona was not imported"
              : "its persona is one of the system: samples belong to users");
      return;
    }
    switch (uploads.find(stored == null ? "" : stored)) {
      case Found.Not(String reason) -> tally.unplaced(key, reason);
      case Found.There(var file) -> tally.count(recipient.deliver(endpoint, whose, key, file));
    }
  }

  private static @Nullable String whose(Endpoint endpoint, @Nullable Long persona, ResultSet rows)
      throws SQLException {
    if (endpoint != Endpoint.SAMPLES) {
      return "" + persona;
    }
    Long owner = Workbench.longOrNull(rows, "new_owner");
    return owner == null ? null : owner + "/" + persona;
  }
}
