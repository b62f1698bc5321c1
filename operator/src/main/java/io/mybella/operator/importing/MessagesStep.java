package io.mybella.operator.importing;

import io.mybella.contracts.TextLimits;
import io.mybella.operator.importing.Workbench.Pair;
import io.mybella.operator.importing.delivery.Batch;
import io.mybella.operator.importing.delivery.Endpoint;
import io.mybella.operator.importing.delivery.Outcome;
import io.mybella.operator.importing.delivery.PlatformUnavailable;
import io.mybella.operator.importing.delivery.Recipient;
import io.mybella.operator.importing.delivery.Row;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Brings what was said, pair by pair, as a stream: a batch is all that is held of it. */
final class MessagesStep {

  /** A text beyond is no message, and would not fit into memory several times over. */
  static final int MOST_BYTES = 4 << 20;

  private static final int LONGEST_MODEL = 100;
  private static final int LONGEST_DETAIL = 500;

  private static final String[] CHAT_COLUMNS = {
    "memory_id",
    "role",
    "content",
    "timestamp",
    "tokens",
    "model",
    "has_crisis_keywords",
    "sentiment"
  };
  private static final String[] OLDER_COLUMNS = {"chat_id", "role", "content", "timestamp"};

  private final Workbench bench;
  private final Recipient recipient;
  private final Tally chat;
  private final Tally older;
  private final Progress progress;

  MessagesStep(Workbench bench, Recipient recipient, Report report, Progress progress) {
    this.bench = bench;
    this.recipient = recipient;
    this.chat = report.of("chat_messages");
    this.older = report.of("messages");
    this.progress = progress;
  }

  void run() throws SQLException, PlatformUnavailable, InterruptedException {
    progress.begin("messages", bench.number("SELECT count(*) FROM work.line"));
    new Lanes(bench).each(this::pair);
    progress.end();
  }

  private void pair(Pair pair, Connection connection)
      throws SQLException, PlatformUnavailable, InterruptedException {
    Sender sender = new Sender(pair);
    try (PreparedStatement query = connection.prepareStatement(query())) {
      query.setLong(1, pair.id());
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          boolean isChat = rows.getInt("kind") == Workbench.CHAT;
          if (pair.obstacle().isPresent()) {
            tally(isChat)
                .unplaced(
                    (isChat ? "chat_messages:" : "messages:") + rows.getLong("old_id"),
                    pair.obstacle().get());
            progress.add(1);
          } else {
            sender.add(isChat, rows);
          }
        }
      }
    }
    sender.flush();
  }

  private Tally tally(boolean isChat) {
    return isChat ? chat : older;
  }

  /** In their order; a million rows are read as they are sent. */
  private String query() {
    boolean hasChat = bench.legacy().has("chat_messages");
    boolean hasOlder = bench.legacy().has("messages");
    List<String> selects = new ArrayList<>();
    List<String> columns = new ArrayList<>(List.of("l.at", "l.kind", "l.old_id"));
    for (String column : CHAT_COLUMNS) {
      boolean inChat = bench.legacy().has("chat_messages", column);
      boolean inOlder =
          List.of(OLDER_COLUMNS).contains(column) && bench.legacy().has("messages", column);
      columns.add(
          "CASE l.kind WHEN 0 THEN %s ELSE %s END AS \"%s\""
              .formatted(
                  inChat ? "c.\"" + column + "\"" : "NULL",
                  inOlder ? "m.\"" + column + "\"" : "NULL",
                  column));
    }
    columns.add((bench.legacy().has("messages", "chat_id") ? "m.chat_id" : "NULL") + " AS chat_id");
    selects.add("SELECT " + String.join(", ", columns));
    selects.add("FROM work.line l");
    if (hasChat) {
      selects.add("LEFT JOIN main.chat_messages c ON l.kind = 0 AND c.id = l.old_id");
    }
    if (hasOlder) {
      selects.add("LEFT JOIN main.messages m ON l.kind = 1 AND m.id = l.old_id");
    }
    selects.add("WHERE l.pair = ? ORDER BY l.at, l.kind, l.old_id");
    return String.join("\n", selects);
  }

  /** What goes to one pair. */
  private final class Sender {

    private final Pair pair;
    private final Batch batch = new Batch();

    /** The rows of the old file that are under way, by the key of their last part. */
    private final Map<String, Boolean> ends = new LinkedHashMap<>();

    private @Nullable Outcome whole;

    Sender(Pair pair) {
      this.pair = pair;
    }

    void add(boolean isChat, ResultSet rows)
        throws SQLException, PlatformUnavailable, InterruptedException {
      List<Told.Message> parts = parts(isChat, rows);
      if (parts.size() > 1) {
        tally(isChat)
            .note(
                parts.getFirst().key(),
                "it is longer than a message may be: stored as several, in order");
      }
      for (Told.Message part : parts) {
        Row row = part.toRow();
        if (!batch.hasRoomFor(row)) {
          flush();
        }
        batch.add(row);
      }
      ends.put(parts.getLast().key(), isChat);
    }

    private List<Told.Message> parts(boolean isChat, ResultSet rows) throws SQLException {
      Values values = new Values(rows);
      String key = (isChat ? "chat_messages:" : "messages:") + rows.getLong("old_id");
      String role = values.text("role");
      if (!OldRole.isKnown(role)) {
        tally(isChat).note(key, "it does not say who speaks: taken for the persona's");
      }
      String text = values.exactText("content");
      Instant at = Instant.EPOCH.plus(rows.getLong("at"), ChronoUnit.MICROS);
      Map<String, Object> legacy = metadata(values, role);
      List<Told.Message> parts = new ArrayList<>();
      for (String part : split(text == null ? "\ufffd" : text)) {
        parts.add(
            new Told.Message(
                parts.isEmpty() ? key : key + "#" + (parts.size() + 1),
                OldRole.today(role),
                part,
                at,
                values.text("model", LONGEST_MODEL),
                parts.isEmpty() ? values.count("tokens") : null,
                legacy.isEmpty() ? null : Map.of("legacy", legacy)));
      }
      return parts;
    }

    private static Map<String, Object> metadata(Values values, @Nullable String role)
        throws SQLException {
      Map<String, Object> legacy = new LinkedHashMap<>();
      for (String column : List.of("sentiment", "memory_id", "chat_id")) {
        String value = values.text(column, LONGEST_DETAIL);
        if (value != null) {
          legacy.put(column, value);
        }
      }
      if (values.flag("has_crisis_keywords", false)) {
        legacy.put("has_crisis_keywords", true);
      }
      if (role != null && !OldRole.isKnown(role)) {
        legacy.put("role", role.substring(0, Math.min(role.length(), LONGEST_DETAIL)));
      }
      return legacy;
    }

    /** Parts of at most as many characters as a message has. */
    private static List<String> split(String text) {
      List<String> parts = new ArrayList<>();
      int begin = 0;
      while (begin < text.length()) {
        int left = text.codePointCount(begin, text.length());
        int end =
            left <= TextLimits.MESSAGE
                ? text.length()
                : text.offsetByCodePoints(begin, TextLimits.MESSAGE);
        parts.add(text.substring(begin, end));
        begin = end;
      }
      return parts;
    }

    void flush() throws PlatformUnavailable, InterruptedException {
      if (batch.isEmpty()) {
        return;
      }
      Map<String, Object> head = new LinkedHashMap<>();
      head.put("user_id", pair.user());
      head.put("persona_id", pair.persona());
      for (Outcome outcome : recipient.deliver(Endpoint.MESSAGES, head, batch.take())) {
        count(outcome);
      }
    }

    /** A row is where its worst part is. */
    private void count(Outcome part) {
      Outcome before = whole;
      String key =
          part.key().indexOf('#') < 0
              ? part.key()
              : part.key().substring(0, part.key().indexOf('#'));
      Outcome now = new Outcome(key, part.kind(), part.id(), part.reason());
      whole = before == null || rank(now) >= rank(before) ? now : before;
      Boolean isChat = ends.remove(part.key());
      if (isChat != null) {
        tally(isChat).count(whole);
        whole = null;
        progress.add(1);
      }
    }

    private static int rank(Outcome outcome) {
      return switch (outcome.kind()) {
        case PRESENT -> 0;
        case IMPORTED -> 1;
        case SKIPPED -> 2;
      };
    }
  }
}
