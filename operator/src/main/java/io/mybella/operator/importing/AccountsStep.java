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
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Brings the accounts. Of two with one e-mail address the one that is older keeps it. */
final class AccountsStep {

  private static final int LONGEST = 500;

  private final Workbench bench;
  private final Recipient recipient;
  private final Tally tally;
  private final Progress progress;
  private final ImportOptions options;
  private final Instant now;

  AccountsStep(
      Workbench bench,
      Recipient recipient,
      Report report,
      Progress progress,
      ImportOptions options,
      Instant now) {
    this.bench = bench;
    this.recipient = recipient;
    this.tally = report.of("users");
    this.progress = progress;
    this.options = options;
    this.now = now;
  }

  /** Writes down who there is; everything else refers to it. */
  void read() throws SQLException {
    try (Statement statement = bench.connection().createStatement()) {
      statement.execute(
          "INSERT INTO work.account (old_id) SELECT id FROM main.users WHERE id IS NOT NULL");
    }
  }

  void run() throws SQLException, PlatformUnavailable, InterruptedException {
    progress.begin("accounts", bench.rowsOf("users"));
    Batch batch = new Batch();
    try (Statement statement = bench.connection().createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT u.id AS id, %s FROM main.users u WHERE u.id IS NOT NULL ORDER BY u.id"
                    .formatted(
                        bench
                            .legacy()
                            .select(
                                "users",
                                "u",
                                "name",
                                "email",
                                "password_hash",
                                "role",
                                "active",
                                "created_at")))) {
      while (rows.next()) {
        tally.read(1);
        Row row = account(rows.getLong("id"), new Values(rows)).toRow();
        if (!batch.hasRoomFor(row)) {
          send(batch);
        }
        batch.add(row);
      }
    }
    send(batch);
    progress.end();
  }

  private Told.Account account(long id, Values values) throws SQLException {
    String key = "users:" + id;
    String fallback = "imported-" + id + "@mybella.invalid";
    String email = email(key, id, values.text("email", LONGEST), fallback);
    String name = values.text("name", LONGEST);
    String role = values.text("role", LONGEST);
    boolean admin = "admin".equalsIgnoreCase(role);
    if (!admin && role != null && !"user".equalsIgnoreCase(role)) {
      tally.note(key, "its role is neither user nor admin: taken for a user's");
    }
    return new Told.Account(
        key,
        id > 0 ? (Long) id : null,
        name != null
            ? name
            : email.substring(0, email.indexOf('@') < 0 ? email.length() : email.indexOf('@')),
        email,
        values.text("password_hash", LONGEST * 4),
        admin ? "admin" : "user",
        values.flag("active", true),
        values.time("created_at", now),
        fallback);
  }

  private String email(String key, long id, @Nullable String email, String fallback)
      throws SQLException {
    if (email == null) {
      tally.note(key, "it has no e-mail address: imported with " + fallback);
      return fallback;
    }
    try (PreparedStatement claim =
        bench
            .connection()
            .prepareStatement(
                "UPDATE OR IGNORE work.account SET folded_email = ? WHERE old_id = ?")) {
      claim.setString(1, email.toLowerCase(Locale.ROOT));
      claim.setLong(2, id);
      if (claim.executeUpdate() == 1) {
        return email;
      }
    }
    tally.note(
        key,
        "its e-mail address is, but for its case, that of an older account, which keeps it:"
            + " imported with the address imported-<id>@mybella.invalid");
    return fallback;
  }

  private void send(Batch batch) throws SQLException, PlatformUnavailable, InterruptedException {
    if (batch.isEmpty()) {
      return;
    }
    Map<String, Object> head =
        options.attachSameEmail() ? Map.of("same_email", "attach") : Map.of();
    for (Outcome outcome : recipient.deliver(Endpoint.ACCOUNTS, head, batch.take())) {
      tally.count(outcome);
      progress.add(1);
      long id = Long.parseLong(outcome.key().substring("users:".length()));
      Long here = outcome.id();
      bench.account(id, options.dryRun() && here != null ? (Long) id : here, outcome.reason());
    }
  }
}
